package io.drivebay.driver.filter;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Breakpoints;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.DelayLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests fail or wait as rules say, and shows limits that its child does not have.
 *
 * <p>Each request is an event, a flush two. A breakpoint at one holds the request. An event makes the error rules that wait for it, in the present state, the active ones,
 * in the place of those that were; rules without an event are active always. Then the first active rule that hits the
 * request fails it. Last the event may change the state, which is 1 at first. The same requests in the same order always
 * meet the same faults.
 */
final class DebugDriver extends FilterDriver implements Breakpoints {
    static final String NAME = "blkdebug";
    static final String IMAGE = "image";

    private static final int FIRST_STATE = 1;

    /** A delay rule with the requests that it holds. */
    private record Delay(FaultRule when, DelayLine line) {}

    private final BlockLimits limits;
    private final IoContext context;
    private final List<StateRule> states;
    private final List<ErrorRule> sleeping = new ArrayList<>();
    private final List<ErrorRule> always = new ArrayList<>();
    private final List<ErrorRule> active = new ArrayList<>();
    private final List<Delay> delays = new ArrayList<>();
    private final HeldAtBreaks breaks = new HeldAtBreaks(this::proceed);
    private String nodeName = NAME;
    private int state = FIRST_STATE;
    private final AtomicLong injected = new AtomicLong();

    DebugDriver(
            final @Nullable BlockNode child,
            final BlockLimits limits,
            final DebugRules rules,
            final IoContext context) {
        super(NAME, IMAGE, child);
        this.limits = limits;
        this.context = context;
        this.states = rules.states();
        for (final ErrorRule rule : rules.errors()) {
            (rule.when().event() == DebugEvent.NONE ? always : sleeping).add(rule);
        }
        for (final DelayRule rule : rules.delays()) {
            delays.add(new Delay(rule.when(), new DelayLine(context, rule.latencyNs(), this::pass)));
        }
    }

    @Override
    public void attached(final BlockNode self) {
        super.attached(self);
        nodeName = self.name();
    }

    @Override
    public BlockLimits limits() {
        return limits;
    }

    @Override
    public void start(final BlockRequest request) {
        if (!breaks.takes(request, DebugEvent.of(request.operation()))) {
            proceed(request);
        }
    }

    private void proceed(final BlockRequest request) {
        final List<DebugEvent> events = DebugEvent.of(request.operation());
        Delay delay = null;
        for (int i = 0; i < events.size(); i++) {
            final DebugEvent event = events.get(i);
            final int present = state;
            wake(event, present);
            changeState(event, present);
            delay = delay != null ? delay : delayOf(request, event, present);
        }
        final ErrorRule error = strike(request);
        if (error != null) {
            fail(request, error);
        } else if (delay == null) {
            pass(request);
        } else {
            delay.line().add(request);
        }
    }

    private void wake(final DebugEvent event, final int present) {
        boolean replaced = false;
        for (final ErrorRule rule : sleeping) {
            if (rule.when().wokenBy(event, present)) {
                if (!replaced) {
                    active.clear();
                    replaced = true;
                }
                active.add(rule);
            }
        }
    }

    /** The rule that fails a request; null when none does. A rule for one hit is used up. */
    private @Nullable ErrorRule strike(final BlockRequest request) {
        final ErrorRule rule = firstHit(active, request);
        final ErrorRule error = rule == null ? firstHit(always, request) : rule;
        if (error != null && error.once()) {
            active.remove(error);
            always.remove(error);
            sleeping.remove(error);
        }
        return error;
    }

    private static @Nullable ErrorRule firstHit(final List<ErrorRule> rules, final BlockRequest request) {
        for (final ErrorRule rule : rules) {
            if (rule.when().hits(request)) {
                return rule;
            }
        }
        return null;
    }

    private void changeState(final DebugEvent event, final int present) {
        for (final StateRule rule : states) {
            if (rule.appliesTo(event, present)) {
                state = rule.newState();
            }
        }
    }

    private void fail(final BlockRequest request, final ErrorRule error) {
        injected.incrementAndGet();
        final Status status = Status.ofErrno(error.errno());
        if (error.immediately()) {
            request.fail(status, error.errno(), nodeName);
        } else {
            context.execute(() -> request.fail(status, error.errno(), nodeName));
        }
    }

    private @Nullable Delay delayOf(final BlockRequest request, final DebugEvent event, final int present) {
        for (final Delay delay : delays) {
            final boolean awake =
                    delay.when().event() == DebugEvent.NONE || delay.when().wokenBy(event, present);
            if (awake && delay.when().hits(request)) {
                return delay;
            }
        }
        return null;
    }

    // ---- breakpoints ----

    @Override
    public void breakAt(final String event, final String tag) throws BlockException {
        final DebugEvent wanted = DebugEvent.named(event);
        if (!context.call(() -> breaks.arm(wanted, tag))) {
            throw new BlockException(
                    Kind.IN_USE, "there are " + HeldAtBreaks.MOST + " breakpoints, and no room for another");
        }
    }

    @Override
    public boolean resume(final String tag) {
        return context.call(() -> breaks.resume(tag));
    }

    @Override
    public boolean removeBreaks(final String tag) {
        return context.call(() -> breaks.remove(tag));
    }

    @Override
    public void drainBegin() {
        breaks.drainBegin();
    }

    @Override
    public void drainEnd() {
        breaks.drainEnd();
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        if (newLengthBytes % limits.requestAlignment() != 0) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "a length of " + newLengthBytes + " bytes is no multiple of the option 'align', "
                            + limits.requestAlignment());
        }
        super.resize(newLengthBytes);
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("injected-errors", injected.get());
    }
}
