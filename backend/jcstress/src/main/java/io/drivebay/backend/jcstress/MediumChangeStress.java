package io.drivebay.backend.jcstress;

import io.drivebay.backend.graph.BlockNode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIL_Result;

/**
 * A submission while the medium is changed.
 *
 * <p>Results: requests that the old medium served; that the new one served; the request's status, and which of the two it
 * was submitted against.
 */
@JCStressTest
@Outcome(
        id = "1, 0, OK old",
        expect = Expect.ACCEPTABLE,
        desc = "Submitted before the change: it ended on the old medium.")
@Outcome(id = "0, 1, OK new", expect = Expect.ACCEPTABLE, desc = "Submitted after the change: it went to the new one.")
@Outcome(
        id = "0, 0, MEDIUM_CHANGED old",
        expect = Expect.ACCEPTABLE,
        desc = "Stamped before the change and in the ring too late: on neither, and told so.")
@Outcome(expect = Expect.FORBIDDEN, desc = "On a medium that it was not submitted against, or lost.")
@State
public class MediumChangeStress {
    private final StressDisk disk = new StressDisk(2);
    private final StressDisk.Driver before = new StressDisk.Driver();
    private final StressDisk.Driver after = new StressDisk.Driver();
    private final BlockNode next = disk.node(after);
    private final StressDisk.Request request = new StressDisk.Request();
    private final long oldGeneration;

    /** The old medium is in. */
    public MediumChangeStress() {
        disk.insert(disk.node(before));
        oldGeneration = disk.backend.generation();
    }

    /** A device's thread. */
    @Actor
    public void submit() {
        request.submitTo(disk.backend);
    }

    /** A control thread that is the context's too. */
    @Actor
    public void change() {
        disk.change(next);
    }

    /** What came of it. */
    @Arbiter
    public void result(final IIL_Result result) {
        disk.context.runUntilIdle();
        result.r1 = before.served();
        result.r2 = after.served();
        result.r3 = request.completions() == 1
                ? request.status() + (request.generation() == oldGeneration ? " old" : " new")
                : "completions: " + request.completions();
    }
}
