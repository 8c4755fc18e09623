package io.drivebay.backend.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two submitters, one of them the context's own thread.
 *
 * <p>Results: completions of the one's request, and of the other's.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Each request completes exactly once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A request was lost, or completed twice.")
@State
public class CompletionOnceStress {
    private final StressDisk disk = new StressDisk(4);
    private final StressDisk.Request first = new StressDisk.Request();
    private final StressDisk.Request second = new StressDisk.Request();

    /** There is a medium. */
    public CompletionOnceStress() {
        disk.insert(disk.node(new StressDisk.Driver()));
    }

    /** One device's thread. */
    @Actor
    public void submitFirst() {
        first.submitTo(disk.backend);
    }

    /** The context, whose thread submits too, as a call-back does. */
    @Actor
    public void submitSecondAndRun() {
        second.submitTo(disk.backend);
        disk.context.runOnce();
        disk.context.runOnce();
    }

    /** What came of it. */
    @Arbiter
    public void result(final II_Result result) {
        disk.context.runUntilIdle();
        result.r1 = first.completions();
        result.r2 = second.completions();
    }
}
