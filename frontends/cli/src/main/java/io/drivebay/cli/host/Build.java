package io.drivebay.cli.host;

import java.util.Objects;

/** Which build of the program this is. */
public final class Build {
    private Build() {}

    /** The version from the manifest of the runnable jar. */
    public static String version() {
        return Objects.requireNonNullElse(Build.class.getPackage().getImplementationVersion(), "(unpackaged)");
    }
}
