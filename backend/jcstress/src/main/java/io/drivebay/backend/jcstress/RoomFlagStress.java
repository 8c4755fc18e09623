package io.drivebay.backend.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A device that submits as fast as it can to a ring that is full nearly always, and waits for the room listener whenever it
 * is refused, while the context makes room.
 *
 * <p>Results: the device gave up waiting; the room listener was called after its last refusal.
 */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Every request went in; the last at once.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Every request went in; a call came late.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The call came after the device's patience.")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "A lost call: refused, and never told of the room.")
@State
public class RoomFlagStress {
    private static final int REQUESTS = 64;
    private static final int PATIENCE = 10_000;
    private static final int CALL_LENGTH = 50;

    private final StressDisk disk = new StressDisk(2);
    private boolean refused;
    private volatile boolean told;
    private volatile boolean ended;

    /** The listener takes its time, as a device's does that looks at its queues. */
    public RoomFlagStress() {
        disk.backend.addRoomListener(() -> {
            told = true;
            for (int i = 0; i < CALL_LENGTH; i++) {
                Thread.onSpinWait();
            }
        });
    }

    /** A device's thread. */
    @Actor
    public void submit() {
        for (int i = 0; i < REQUESTS && !refused; i++) {
            told = false;
            refused = !new StressDisk.Request().submitTo(disk.backend);
            for (int wait = 0; refused && wait < PATIENCE; wait++) {
                refused = !told;
            }
        }
        ended = true;
    }

    /** The context. */
    @Actor
    public void run() {
        while (!ended) {
            disk.context.runOnce();
        }
    }

    /** What came of it. */
    @Arbiter
    public void result(final ZZ_Result result) {
        disk.context.runUntilIdle();
        result.r1 = refused;
        result.r2 = told;
    }
}
