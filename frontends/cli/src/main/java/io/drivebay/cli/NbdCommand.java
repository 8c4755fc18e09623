package io.drivebay.cli;

import io.drivebay.backend.object.LayerObjects;
import io.drivebay.cli.host.Detachment;
import io.drivebay.cli.nbd.AddressOptions;
import io.drivebay.cli.nbd.ImageOptions;
import io.drivebay.cli.nbd.NbdListing;
import io.drivebay.cli.nbd.NbdService;
import io.drivebay.cli.nbd.ServiceOptions;
import io.drivebay.cli.nbd.TlsOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drivebay nbd}: what {@code qemu-nbd} serves and lists, with its options. */
@Command(
        name = "nbd",
        description = "Serve an image by NBD, or list what an NBD server has (--list).",
        footer = {
            "%nWithout --persistent it ends when the last client has left. SIGTERM answers what is in flight,",
            "flushes, and ends with exit code 0."
        })
final class NbdCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AddressOptions address;

    @Mixin
    private ImageOptions image;

    @Mixin
    private ServiceOptions service;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = {"-L", "--list"},
            description = "List a server's exports.")
    private boolean list;

    @Override
    public Integer call() throws Exception {
        if (list) {
            return list();
        }
        if (service.fork() && !Detachment.isDetached()) {
            return Detachment.launch();
        }
        new NbdService(image, service, tls, address.toServe())
                .run(spec.commandLine().getErr());
        return CommandLine.ExitCode.OK;
    }

    private int list() throws Exception {
        final LayerObjects objects = new LayerObjects(context -> false);
        tls.makeObjects(objects);
        return new NbdListing(spec.commandLine().getOut())
                .print(address.toAsk(), tls.client(objects), tls.hostname(address.host()));
    }
}
