package io.drivebay.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code -v}: how much the program says of what it does, on standard error. */
public final class Verbosity {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private boolean[] given = {};

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Say more: once for what was chosen and the traces of errors, twice for details.")
    void given(final boolean[] flags) {
        given = flags.clone();
    }

    /** True when errors are to be shown with their traces. */
    boolean verbose() {
        return given.length > 0;
    }

    /** Sets the log level; before the first logger comes into being. */
    void apply() {
        if (verbose() && System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, given.length == 1 ? "info" : "debug");
        }
    }
}
