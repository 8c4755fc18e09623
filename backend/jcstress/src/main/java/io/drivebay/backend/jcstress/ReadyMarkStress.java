package io.drivebay.backend.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A submission while the context takes its source from the list of those with work.
 *
 * <p>Results: completions when the context has looked twice; completions in the end.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The context took the request in one of its turns.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The request came later, and the source is marked again.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The request is left in the ring, or completed twice.")
@State
public class ReadyMarkStress {
    private final StressDisk disk = new StressDisk(2);
    private final StressDisk.Request request = new StressDisk.Request();
    private int seen;

    /** The source begins among those that are being looked at. */
    public ReadyMarkStress() {
        new StressDisk.Request().submitTo(disk.backend);
        disk.context.runOnce();
    }

    /** A device's thread. */
    @Actor
    public void submit() {
        request.submitTo(disk.backend);
    }

    /** The context: a turn without work lets the source go. */
    @Actor
    public void run() {
        disk.context.runOnce();
        disk.context.runOnce();
        seen = request.completions();
    }

    /** What came of it. */
    @Arbiter
    public void result(final II_Result result) {
        disk.context.runUntilIdle();
        result.r1 = seen;
        result.r2 = request.completions();
    }
}
