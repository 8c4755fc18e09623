package io.drivebay.ide.ata;

/** Carries a command out whose preconditions have been checked: ends it, or leaves an activity behind that will. */
@FunctionalInterface
interface Handler {
    void run(AtaDisk disk);
}
