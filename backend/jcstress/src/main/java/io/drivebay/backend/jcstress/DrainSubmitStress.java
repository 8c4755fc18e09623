package io.drivebay.backend.jcstress;

import io.drivebay.backend.BlockLayer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A submission while the backend is drained and released.
 *
 * <p>Results: completions when the drain was in force; at its end, the context having taken turns; in the end.
 */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Taken before the drain was in force.")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Parked, and carried out after the drain.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Taken while drained, lost, or completed twice.")
@State
public class DrainSubmitStress {
    private final StressDisk disk = new StressDisk(2);
    private final StressDisk.Request request = new StressDisk.Request();
    private int whenDrained;
    private int atTheEnd;

    /** There is a medium. */
    public DrainSubmitStress() {
        disk.insert(disk.node(new StressDisk.Driver()));
    }

    /** A device's thread. */
    @Actor
    public void submit() {
        request.submitTo(disk.backend);
    }

    /** A control thread that is the context's too. */
    @Actor
    public void drain() {
        disk.context.runOnce();
        final BlockLayer.Drain drain = disk.drain();
        whenDrained = request.completions();
        disk.context.runOnce();
        disk.context.runOnce();
        atTheEnd = request.completions();
        drain.close();
    }

    /** What came of it. */
    @Arbiter
    public void result(final III_Result result) {
        disk.context.runUntilIdle();
        result.r1 = whenDrained;
        result.r2 = atTheEnd;
        result.r3 = request.completions();
    }
}
