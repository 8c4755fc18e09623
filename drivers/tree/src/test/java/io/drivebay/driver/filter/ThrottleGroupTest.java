package io.drivebay.driver.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.object.IoThread;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group as an object, and one whose members live in several contexts. */
@Timeout(60)
class ThrottleGroupTest {
    private static final long S = 1_000_000_000L;

    private final VirtualClock clock = new VirtualClock();
    private final BlockLayer layer = new BlockLayer();
    private final Blockdevs blockdevs = new Blockdevs(layer);
    private final List<IoContext> contexts = new ArrayList<>();

    @AfterEach
    void close() {
        layer.close();
        contexts.forEach(IoContext::close);
    }

    private IoContext stepped() {
        final IoContext context = layer.addContext(IoContext.stepped("c" + contexts.size(), clock));
        contexts.add(context);
        return context;
    }

    /** A throttled disk and how many of its requests have ended. */
    private final class Member {
        final BlockBackend backend;
        final BlockNode node;
        final AtomicInteger doubled = new AtomicInteger();
        int submitted;
        int ended;

        Member(final IoContext context) throws BlockException {
            this.backend = layer.createBackend(context, 4096);
            this.node = blockdevs.add(
                    context,
                    Map.of(
                            "driver", "throttle",
                            "throttle-group", "g",
                            "file", Map.of("driver", "null-co", "size", 1 << 20)));
            layer.insertMedium(backend, node);
        }

        void submit(final int count) {
            for (int i = 0; i < count; i++) {
                final boolean[] done = {false};
                final BlockRequest request = new BlockRequest(finished -> {
                    doubled.addAndGet(done[0] ? 1 : 0);
                    done[0] = true;
                    ended++;
                });
                assertTrue(backend.submit(request.set(Operation.WRITE_ZEROES, 0, 512, 0)), "the ring is full");
                submitted++;
            }
        }
    }

    private void group(final Map<String, Object> limits) throws BlockException {
        layer.objects().add(Map.of("qom-type", "throttle-group", "id", "g", "limits", limits));
    }

    private void settle() {
        int done = 1;
        while (done > 0) {
            done = contexts.stream().mapToInt(IoContext::runUntilIdle).sum();
        }
    }

    private void advance(final long ns) {
        final long endNs = clock.nanoTime() + ns;
        settle();
        long next = nextDeadlineNs();
        while (next <= endNs) {
            clock.advanceTo(next);
            settle();
            next = nextDeadlineNs();
        }
        clock.advanceTo(endNs);
        settle();
    }

    private long nextDeadlineNs() {
        return contexts.stream().mapToLong(IoContext::nextDeadlineNs).min().orElseThrow();
    }

    @Test
    void membersInTwoContextsShareTheLimit() throws BlockException {
        group(Map.of("iops-total", 10));
        final Member first = new Member(stepped());
        final Member second = new Member(stepped());
        first.submit(100);
        second.submit(100);

        advance(5 * S);

        assertEquals(52, first.ended + second.ended); // what a tenth of a second yields, the one that runs over, and 50
        assertTrue(Math.abs(first.ended - second.ended) <= 2, first.ended + " and " + second.ended);
    }

    @Test
    void aBusyMemberDoesNotPushOneOfAnotherContextAside() throws BlockException {
        group(Map.of("iops-total", 10));
        final Member busy = new Member(stepped());
        final Member modest = new Member(stepped());
        busy.submit(1000);
        advance(S);

        modest.submit(5);
        advance(S + S / 10);

        assertEquals(5, modest.ended);
    }

    @Test
    void aDrainOfOneMemberHandsItsTurnOn() throws BlockException {
        group(Map.of("iops-total", 10));
        final Member first = new Member(stepped());
        final Member second = new Member(stepped());
        first.submit(30);
        settle();
        second.submit(5);
        settle();

        layer.drain(first.backend).close();

        assertEquals(30, first.ended);
        advance(10 * S);
        assertEquals(5, second.ended);
    }

    @Test
    void otherLimitsHoldAtOnceForAllContexts() throws BlockException {
        group(Map.of("iops-total", 1));
        final Member first = new Member(stepped());
        final Member second = new Member(stepped());
        first.submit(50);
        second.submit(50);
        advance(S);

        layer.objects().need("g", ThrottleGroup.class).limits(ThrottleLimits.NONE);
        settle();

        assertEquals(100, first.ended + second.ended);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whateverHappensNoRequestIsLostDoubledOrTooEarly(final long seed) throws BlockException {
        final Random random = new Random(seed);
        final int rate = 20 + random.nextInt(200);
        group(Map.of("iops-total", rate));
        final List<IoContext> homes = List.of(stepped(), stepped(), stepped());
        final List<Member> members = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            members.add(new Member(homes.get(i % homes.size())));
        }
        int unthrottled = 0;

        for (int round = 0; round < 200; round++) {
            final Member member = members.get(random.nextInt(members.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    settle();
                    final int before =
                            members.stream().mapToInt(each -> each.ended).sum();
                    layer.drain(member.backend).close();
                    unthrottled += members.stream().mapToInt(each -> each.ended).sum() - before;
                }
                case 1, 2, 3 -> advance(random.nextInt((int) (S / 10)));
                case 4 -> homes.get(random.nextInt(homes.size())).runOnce();
                default -> member.submit(1 + random.nextInt(5));
            }
            final int ended = members.stream().mapToInt(each -> each.ended).sum();
            final double allowed = clock.nanoTime() / (double) S * rate + rate / 10.0 + 1 + unthrottled;
            assertTrue(ended <= allowed + 1e-6, "seed " + seed + ": " + ended + " passed, " + allowed + " may");
        }

        advance(100 * S);
        members.forEach(member -> assertEquals(member.submitted, member.ended, "seed " + seed));
        members.forEach(member -> assertEquals(0, member.doubled.get(), "seed " + seed));
    }

    @Test
    void startedContextsShareALimitAndLoseNothing() throws Exception {
        final int each = 200;
        group(Map.of("iops-total", 2000));
        final CountDownLatch ended = new CountDownLatch(3 * each);
        final long beganNs = SystemClock.INSTANCE.nanoTime();
        for (int i = 0; i < 3; i++) {
            final IoContext context = layer.addContext(new IoContext("t" + i, SystemClock.INSTANCE, new ParkPort()));
            contexts.add(context.start());
            final Member member = new Member(context);
            for (int n = 0; n < each; n++) {
                final BlockRequest request = new BlockRequest(done -> ended.countDown());
                assertTrue(member.backend.submit(request.set(Operation.WRITE_ZEROES, 0, 512, 0)));
            }
        }

        assertTrue(ended.await(30, TimeUnit.SECONDS), () -> ended.getCount() + " did not end");
        final long tookNs = SystemClock.INSTANCE.nanoTime() - beganNs;
        assertTrue(
                tookNs >= (3L * each - 202) * S / 2000, "only " + tookNs); // all but a tenth of a second's at the rate
    }

    @Test
    void anObjectMayHaveItsLimitsOneByOne() throws BlockException {
        layer.objects().add(Map.of("qom-type", "throttle-group", "id", "x", "x-iops-total", 7, "x-bps-read", "1M"));

        assertEquals(
                Map.of("iops-total", 7L, "bps-read", 1L << 20),
                layer.objects().need("x", ThrottleGroup.class).limits().describe());
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThrows(BlockException.class, () -> group(Map.of("iops-total", 1, "iops-read", 1)));
        assertThrows(
                BlockException.class,
                () -> layer.objects()
                        .add(Map.of(
                                "qom-type", "throttle-group", "id", "g", "limits.iops-total", 1, "x-iops-total", 1)));
        assertThrows(
                BlockException.class,
                () -> layer.objects().add(Map.of("qom-type", "throttle-group", "id", "g", "x-iops", 1)));
    }

    @Test
    void aGroupThatHasMembersIsNotDeleted() throws BlockException {
        group(Map.of("iops-total", 10));
        final Member member = new Member(stepped());

        assertEquals(
                BlockException.Kind.IN_USE,
                assertThrows(BlockException.class, () -> layer.objects().delete("g"))
                        .kind());
        layer.removeMedium(member.backend);
        layer.disown(member.node);
        layer.objects().delete("g");
    }

    @Test
    void anIoThreadWithNodesIsNotDeleted() throws BlockException {
        layer.objects().add(Map.of("qom-type", "iothread", "id", "t", "poll-max-ns", 0));
        final IoContext context = layer.objects().need("t", IoThread.class).context();
        blockdevs.add(context, Map.of("driver", "null-co", "node-name", "n"));

        assertEquals(
                BlockException.Kind.IN_USE,
                assertThrows(BlockException.class, () -> layer.objects().delete("t"))
                        .kind());
        layer.deleteNode("n");
        layer.objects().delete("t");
    }
}
