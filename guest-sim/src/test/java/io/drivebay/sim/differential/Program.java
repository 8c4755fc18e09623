package io.drivebay.sim.differential;

/** A guest program: the same accesses on every machine, as far as the machines behave alike. */
@FunctionalInterface
interface Program {
    void run(Recorder seen);
}
