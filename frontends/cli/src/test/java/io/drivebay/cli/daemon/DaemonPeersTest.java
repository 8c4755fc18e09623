package io.drivebay.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.cli.CommandRun;
import io.drivebay.peers.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The same command lines are taken, and refused, by qemu-storage-daemon. */
@Timeout(60)
final class DaemonPeersTest {
    private static final String QSD = "qemu-storage-daemon";
    private static final String NODE = " --blockdev null-co,node-name=n";
    private static final String SERVER = " --nbd-server addr.type=unix,addr.path=@/s";

    private static final String MONITOR = " --chardev socket,id=c,path=@/m,server=on,wait=off";
    private static final String VHOST = "vhost-user-blk,id=e,node-name=n,addr.type=unix,addr.path=@/v";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeImage() throws IOException {
        Files.write(folder.resolve("image"), new byte[1 << 20]);
    }

    static Stream<String> taken() {
        return Stream.of(
                "--blockdev driver=null-co,node-name=n,size=1048576,read-zeroes=on",
                "--blockdev {\"driver\":\"null-co\",\"node-name\":\"n\",\"size\":1048576}",
                "--blockdev {'driver':'null-co','node-name':'n','read-only':true}",
                "--blockdev=null-co,node-name=n",
                "--blockdev file,node-name=f,filename=@/image --blockdev raw,node-name=n,file=f",
                "--blockdev driver=raw,node-name=n,offset=4096,file.driver=file,file.filename=@/image",
                "--blockdev {\"driver\":\"raw\",\"node-name\":\"n\",\"file\":{\"driver\":\"file\",\"filename\":\"@/image\"}}",
                "--blockdev file,node-name=f,filename=@/image,cache.no-flush=on,discard=unmap,detect-zeroes=unmap",
                "--blockdev file,node-name=f,filename=@/image,read-only=on,auto-read-only=on",
                "--blockdev null-co,node-name=n --blockdev blkdebug,node-name=b,image=n",
                NODE + SERVER + " --export nbd,id=e,node-name=n",
                NODE + SERVER + " --export type=nbd,id=e,node-name=n,name=disk,description=a,,b,writable=on",
                NODE + SERVER + " --export {\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"n\",\"writable\":true}",
                NODE + SERVER + " --export nbd,id=e,node-name=n --export nbd,id=f,node-name=n,name=other",
                NODE + SERVER + ",max-connections=5 --export nbd,id=e,node-name=n,allocation-depth=on,writethrough=on",
                NODE + " --export " + VHOST,
                NODE + " --export type=" + VHOST + ",writable=on,num-queues=4,logical-block-size=4096",
                NODE + " --export {\"type\":\"vhost-user-blk\",\"id\":\"e\",\"node-name\":\"n\",\"num-queues\":2,"
                        + "\"addr\":{\"type\":\"unix\",\"path\":\"@/v\"},\"logical-block-size\":512}",
                NODE + " --export " + VHOST + ",writethrough=on,writable=on --export "
                        + VHOST.replace("id=e", "id=f").replace("@/v", "@/w"),
                "--object iothread,id=t" + NODE + " --export " + VHOST + ",iothread=t",
                NODE + SERVER + " --export nbd,id=n,node-name=n,writable=on --export " + VHOST + ",writable=on",
                "--nbd-server addr.type=inet,addr.host=127.0.0.1,addr.port=0",
                "--nbd-server {\"addr\":{\"type\":\"inet\",\"host\":\"127.0.0.1\",\"port\":\"0\"}}",
                "--object iothread,id=t" + NODE + SERVER + " --export nbd,id=e,node-name=n,iothread=t",
                NODE + " --object iothread,id=t" + SERVER
                        + " --export nbd,id=e,node-name=n,iothread=t,fixed-iothread=on",
                MONITOR + " --monitor chardev=c",
                MONITOR + " --monitor c,mode=control,pretty=on,id=m",
                "--chardev backend=socket,id=c,path=@/m,server,nowait --monitor c",
                "--chardev socket,id=c,host=127.0.0.1,port=0,server=on,wait=off --monitor c",
                MONITOR + NODE + " --chardev socket,id=d,path=@/o,server=on,wait=off --monitor c --monitor d",
                "--object iothread,id=t,poll-max-ns=0",
                "--object {\"qom-type\":\"iothread\",\"id\":\"t\"}",
                "--object throttle-group,id=g,limits.iops-total=100" + NODE
                        + " --blockdev throttle,node-name=t,throttle-group=g,file=n",
                "--object throttle-group,id=g,x-iops-total=100,x-bps-read=1048576,x-bps-read-max=2097152",
                "--object secret,id=s,data=abc",
                "--object secret,id=s,data=YWJj,format=base64",
                "--object secret,id=s,file=@/image");
    }

    static Stream<String> refused() {
        return Stream.concat(refusedNodesAndExports(), refusedServices());
    }

    private static Stream<String> refusedNodesAndExports() {
        return Stream.of(
                "--frobnicate",
                "stray",
                "--blockdev",
                "--blockdev {broken",
                "--blockdev null-co,node-name",
                "--blockdev nosuchdriver,node-name=n",
                "--blockdev null-co,node-name=n,colour=red",
                "--blockdev null-co,node-name=1n",
                "--blockdev null-co,node-name=n,read-only=maybe",
                "--blockdev null-co,node-name=n,detect-zeroes=unmap",
                "--blockdev file,node-name=f,filename=@/nothing",
                "--blockdev raw,node-name=n,file=nothing",
                "--blockdev raw,node-name=n",
                NODE + NODE,
                NODE + " --export nbd,id=e,node-name=n",
                NODE + SERVER + " --export nbd,node-name=n",
                NODE + SERVER + " --export nbd,id=e",
                NODE + SERVER + " --export nbd,id=e,node-name=nothing",
                NODE + SERVER + " --export teapot,id=e,node-name=n",
                NODE + SERVER + " --export nbd,id=e,node-name=n,colour=red",
                NODE + SERVER + " --export nbd,id=e,node-name=n,bitmaps.0=b",
                NODE + SERVER + " --export nbd,id=e,node-name=n,iothread=nothing",
                NODE + SERVER + " --export nbd,id=e,node-name=n --export nbd,id=e,node-name=n,name=other",
                NODE + SERVER + " --export nbd,id=e,node-name=n --export nbd,id=f,node-name=n",
                "--blockdev null-co,node-name=n,read-only=on" + SERVER + " --export nbd,id=e,node-name=n,writable=on");
    }

    private static Stream<String> refusedServices() {
        return Stream.of(
                SERVER + SERVER,
                NODE + " --export vhost-user-blk,id=e,node-name=n",
                NODE + " --export vhost-user-blk,id=e,node-name=n,addr.type=unix",
                NODE + " --export vhost-user-blk,id=e,node-name=n,addr.type=inet,addr.host=127.0.0.1,addr.port=0",
                NODE + " --export vhost-user-blk,id=e,node-name=n,addr.type=fd,addr.str=77",
                NODE + " --export vhost-user-blk,id=e,node-name=n,addr.type=unix,addr.path=@/none/s",
                NODE + " --export " + VHOST + ",num-queues=0",
                NODE + " --export " + VHOST + ",logical-block-size=1000",
                NODE + " --export " + VHOST + ",name=n",
                NODE + " --export " + VHOST + " --export " + VHOST,
                "--blockdev null-co,node-name=n,read-only=on --export " + VHOST + ",writable=on",
                "--nbd-server addr.type=carrier-pigeon",
                "--nbd-server addr.type=unix",
                "--nbd-server addr.type=inet,addr.host=127.0.0.1",
                SERVER + ",tls-creds=nothing",
                "--monitor c",
                "--monitor mode=control",
                MONITOR + " --monitor nothing",
                MONITOR + " --monitor c --monitor c",
                MONITOR + " --monitor c,mode=readline",
                MONITOR + " --monitor c,colour=red",
                MONITOR + MONITOR,
                "--chardev socket,id=c,path=@/none/m,server=on,wait=off --monitor c",
                "--chardev socket,id=c,path=@/m --monitor c",
                "--chardev socket,id=c --monitor c",
                "--chardev socket,path=@/m,server=on,wait=off",
                "--chardev socket,id=c,path=@/m,server=on,wait=off,colour=red",
                "--chardev teapot,id=c",
                "--chardev path=@/m,server=on,wait=off,id=c",
                "--object teapot,id=t",
                "--object iothread",
                "--object iothread,id=t --object iothread,id=t",
                "--object iothread,id=t,colour=red",
                "--object secret,id=s",
                "--object secret,id=s,data=?,format=base64",
                "--object throttle-group,id=g,limits.iops-total=1,limits.iops-read=1",
                NODE + " --blockdev throttle,node-name=t,throttle-group=nothing,file=n",
                "--object iothread,id=t --object secret,id=s,data=x" + SERVER + ",tls-creds=s");
    }

    private String[] words(final String line) {
        return line.replace("@", folder.toString()).trim().split(" ");
    }

    @ParameterizedTest
    @MethodSource("taken")
    void bothTake(final String line) throws BlockException, IOException, InterruptedException {
        final DaemonCommand command = new DaemonCommand();
        new CommandLine(command).parseArgs(words(line));
        Daemon.start(command.steps(), () -> {}).close();

        assertEquals(0, peer(words(line)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void bothRefuse(final String line) throws IOException, InterruptedException {
        final List<String> ours = new ArrayList<>(List.of("daemon"));
        ours.addAll(List.of(words(line)));

        final CommandRun run = CommandRun.of(ours.toArray(new String[0]));

        assertEquals(1, run.exitCode(), run.err());
        assertEquals(1, peer(words(line)));
    }

    /** Whether qemu-storage-daemon comes up: its exit code, or that of the process that waits for it. */
    private int peer(final String... words) throws IOException, InterruptedException {
        Peers.need(QSD);
        final Path pid = folder.resolve("pid");
        final List<String> command = new ArrayList<>(List.of(QSD, "--daemonize", "--pidfile", pid.toString()));
        command.addAll(List.of(words));
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        final int exitCode = process.waitFor();
        if (exitCode == 0) {
            final long daemon = Long.parseLong(
                    Files.readString(pid, StandardCharsets.US_ASCII).trim());
            ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
        }
        return exitCode;
    }
}
