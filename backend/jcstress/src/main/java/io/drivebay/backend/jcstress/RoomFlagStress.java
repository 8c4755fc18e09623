package io.drivebay.backend.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A submission to a full ring while the context makes room.
 *
 * <p>Results: the request was accepted; the room listener was called.
 */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "There was room on the first look.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "There was room on the second look; one call too many.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Refused, and told when there was room.")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "A lost call: refused, and never told of the room.")
@State
public class RoomFlagStress {
    private final StressDisk disk = new StressDisk(2);
    private final StressDisk.Request request = new StressDisk.Request();
    private boolean accepted;
    private volatile boolean told;

    /** The ring begins full. */
    public RoomFlagStress() {
        new StressDisk.Request().submitTo(disk.backend);
        new StressDisk.Request().submitTo(disk.backend);
        disk.backend.addRoomListener(() -> told = true);
    }

    /** A device's thread. */
    @Actor
    public void submit() {
        accepted = request.submitTo(disk.backend);
    }

    /** The context: takes what is there, then lets the source go. */
    @Actor
    public void run() {
        disk.context.runOnce();
        disk.context.runOnce();
    }

    /** What came of it. */
    @Arbiter
    public void result(final ZZ_Result result) {
        disk.context.runUntilIdle();
        result.r1 = accepted;
        result.r2 = told;
    }
}
