package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compiles the Java that the READMEs show, and runs the program of the first one. */
@Timeout(120)
final class ReadmeExamplesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    /** Dots stand for what is left out: a line, or the rest of a list. */
    private static final Pattern LEFT_OUT = Pattern.compile("(?m)^ *\\.\\.\\.$|, \\.\\.\\.");

    @TempDir
    private Path folder;

    /** A README, the packages of the types in its Java, and what that finds there already. */
    private enum Readme {
        PROJECT(
                "README.md",
                "backend backend.context backend.graph backend.memory backend.request posix",
                "BlockLayer layer; BlockBackend backend; BlockNode otherDisk;"),
        EXPORTS(
                "frontends/exports/README.md",
                "backend backend.graph exports.vhost",
                "BlockLayer layer; BlockNode node;"),
        IDE(
                "frontends/ide/README.md",
                "backend backend.guest backend.guest.pci ide.ata ide.atapi ide.channel ide.device ide.media ide.pci",
                "BlockBackend disk, cd; GuestMemory guestMemory; InterruptLine irq14, irq15; TransitionTrace trace;"),
        MONITOR(
                "frontends/monitor/README.md",
                "backend backend.context monitor monitor.server",
                "BlockLayer layer; IoContext context; MachinePort machine;"),
        VIRTIO_BLK(
                "frontends/virtio-blk/README.md",
                "backend backend.graph backend.guest backend.guest.pci virtio.blk virtio.mmio virtio.pci"
                        + " virtio.pci.PciOptions",
                "BlockBackend backend; BlockNode node; GuestMemory guestMemory; InterruptLine interruptLine, pin;"
                        + " MsiTarget messages;"),
        GUEST_SIM(
                "guest-sim/README.md",
                "backend backend.context ide.ata ide.device sim.guest sim.kit sim.machine sim.pc sim.qtest sim.simulation"
                        + " sim.verify sim.virtio sim.workload virtio.blk",
                "BlockBackend backend; Clock clock; long seed, timeoutNs; byte[] bytes, identity; Path folder;"
                        + " List<Actor> guests; Actor host; boolean done(List<Actor> all) { return true; }");

        private final String path;
        private final String packages;
        private final String given;

        Readme(final String path, final String packages, final String given) {
            this.path = path;
            this.packages = packages;
            this.given = given;
        }

        /** The Java in it, a method for each listing but for those that are methods. */
        String program() throws IOException {
            final List<String> listings = listings(ROOT.resolve(path));
            assertFalse(listings.isEmpty());
            final StringBuilder program = new StringBuilder();
            for (final String name : packages.split(" ", -1)) {
                program.append("import io.drivebay.").append(name).append(".*;\n");
            }
            program.append("import static org.junit.jupiter.api.Assertions.*;\n")
                    .append(
                            "import java.net.*; import java.nio.file.*; import java.util.*; import java.util.concurrent.*;\n")
                    .append("public class ")
                    .append(name())
                    .append(" {\n")
                    .append(given)
                    .append('\n');
            for (int i = 0; i < listings.size(); i++) {
                final String listing = LEFT_OUT.matcher(listings.get(i)).replaceAll("");
                final boolean method = listing.startsWith("void ");
                program.append(
                        method ? listing : "public void listing" + i + "() throws Exception {\n" + listing + "}\n");
            }
            return program.append("}\n").toString();
        }
    }

    private static List<String> listings(final Path readme) throws IOException {
        return JAVA.matcher(Files.readString(readme))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Compiles a program into the folder. */
    private void compile(final Readme readme, final String program) throws IOException {
        final StringWriter complaints = new StringWriter();
        final JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///" + readme + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
                        return program;
                    }
                };
        final List<String> options =
                List.of("-proc:none", "-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
        final boolean compiles = ToolProvider.getSystemJavaCompiler()
                .getTask(complaints, null, null, options, null, List.of(source))
                .call();
        assertTrue(compiles, () -> readme.path + ":\n" + complaints + program);
    }

    @ParameterizedTest
    @EnumSource
    void whatAReadmeShowsCompiles(final Readme readme) throws IOException {
        compile(readme, readme.program());
    }

    @Test
    void noReadmeWithJavaIsLeftOut() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 3)) {
            final Set<Path> withJava = new TreeSet<>();
            for (final Path file :
                    files.filter(path -> path.endsWith("README.md")).toList()) {
                if (!listings(file).isEmpty()) {
                    withJava.add(ROOT.relativize(file));
                }
            }
            assertEquals(
                    Arrays.stream(Readme.values())
                            .map(readme -> Path.of(readme.path))
                            .collect(Collectors.toSet()),
                    withJava);
        }
    }

    @Test
    void theProgramOfTheProjectsReadmeReadsADisk() throws Exception {
        final Path disk = Files.write(folder.resolve("disk.img"), new byte[4096]);
        final String program = Readme.PROJECT.program();
        final String own = program.replace("disk.img", disk.toString());
        assertNotEquals(program, own);
        compile(Readme.PROJECT, own);
        final PrintStream standard = System.out;
        final ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            final Class<?> type = loader.loadClass(Readme.PROJECT.name());
            final Object object = type.getConstructor().newInstance();
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            type.getMethod("listing0").invoke(object);
        } finally {
            System.setOut(standard);
        }

        assertEquals("OK\n", said.toString(StandardCharsets.UTF_8));
    }
}
