package io.drivebay.backend.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestPartsTest {
    private static BlockRequest request() {
        return new BlockRequest(done -> {});
    }

    // ---- the completion stack ----

    @Test
    void framesArePoppedInReverseOrderHoweverManyThereAre() {
        final List<Long> popped = new ArrayList<>();
        final BlockRequest request = request();
        request.startPart(null, 0);
        for (long i = 0; i < 40; i++) {
            request.push((done, saved) -> popped.add(saved), i);
        }

        request.complete();

        assertEquals(40, popped.size());
        assertEquals(39, popped.get(0));
        assertEquals(0, popped.get(39));
    }

    @Test
    void aFrameMayKeepTheCompletionAndGoOnLater() {
        final List<String> order = new ArrayList<>();
        final BlockRequest request = new BlockRequest(done -> order.add("owner " + done.status()));
        request.startPart(null, 0);
        request.push(
                (done, saved) -> {
                    order.add("kept");
                    return false;
                },
                0);
        request.fail(Status.NO_SPACE, "disk");
        assertEquals(List.of("kept"), order);

        request.resume();

        assertEquals(List.of("kept", "owner NO_SPACE"), order);
        assertThrows(IllegalStateException.class, request::resume);
    }

    @Test
    void aRestartedRequestHasForgottenItsFailure() {
        final BlockRequest request = request();
        request.startPart(null, 0);
        request.push(
                (done, saved) -> {
                    done.restart();
                    return false;
                },
                0);
        request.fail(Status.NOT_SUPPORTED, "disk");

        assertTrue(request.succeeded());
        assertNull(request.origin());
        request.complete();
        assertTrue(request.succeeded());
    }

    @Test
    void completingBeforeTheStartOrTwiceThrows() {
        final BlockRequest request = request();
        assertThrows(IllegalStateException.class, request::complete);
        request.startPart(null, 0);
        request.complete();

        assertThrows(IllegalStateException.class, request::complete);
        assertThrows(IllegalStateException.class, () -> request.start(0, null));
        assertThrows(IllegalStateException.class, request::restart);
    }

    @Test
    void aPartKnowsItsWholeWhileItIsUnderWay() {
        final BlockRequest whole = request();
        final BlockRequest part = request();
        part.startPart(whole, 0);

        assertSame(whole, part.whole());
        part.complete();
        assertNull(part.whole());
    }

    // ---- lists ----

    @Test
    void aListIsFirstInFirstOutAndLosesRequestsFromAnyPlace() {
        final RequestList list = new RequestList();
        final BlockRequest a = request();
        final BlockRequest b = request();
        final BlockRequest c = request();
        list.add(a);
        list.add(b);
        list.add(c);

        list.remove(b);

        assertEquals(2, list.size());
        assertSame(a, list.poll());
        assertSame(c, list.peek());
        assertSame(c, list.poll());
        assertNull(list.poll());
        assertTrue(list.isEmpty());
    }

    @Test
    void aRequestIsInOneListAtATime() {
        final RequestList list = new RequestList();
        final BlockRequest request = request();
        list.add(request);

        assertThrows(IllegalStateException.class, () -> new RequestList().add(request));
        assertThrows(IllegalStateException.class, () -> new RequestList().remove(request));
    }

    // ---- vectors ----

    @Test
    void aSliceOfAVectorSpansSegments() {
        final MemoryRegion region = MemoryRegion.allocate(64);
        final IoVector source =
                new IoVector().add(region, 0, 10).add(region, 20, 0).add(region, 30, 10);
        final IoVector slice = new IoVector().addSlice(source, 5, 10);

        assertEquals(2, slice.count());
        assertEquals(5, slice.offset(0));
        assertEquals(5, slice.length(0));
        assertEquals(30, slice.offset(1));
        assertEquals(10, slice.bytes());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.addSlice(source, 15, 6));
    }

    @Test
    void bytesCopiedInComeOutAgainAcrossSegments() {
        final MemoryRegion region = MemoryRegion.allocate(64);
        final IoVector vector = new IoVector().add(region, 40, 7).add(region, 0, 9);
        final MemoryRegion out = MemoryRegion.allocate(16);
        final MemoryRegion in = MemoryRegion.allocate(16);
        for (int i = 0; i < 16; i++) {
            out.putByte(i, (byte) (i + 1));
        }

        vector.copyFrom(3, out, 0, 12);
        vector.copyTo(3, in, 0, 12);

        assertEquals(1, region.getByte(43));
        assertEquals(5, region.getByte(0));
        assertEquals(12, in.getByte(11));
        vector.fill(0, 16, (byte) 0);
        assertTrue(vector.isZero());
        region.putByte(8, (byte) 1);
        assertFalse(vector.isZero());
    }

    @Test
    void aSegmentOutsideItsRegionIsRefused() {
        final MemoryRegion region = MemoryRegion.allocate(8);

        assertThrows(IndexOutOfBoundsException.class, () -> new IoVector().add(region, 4, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> new IoVector().add(region, -1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> new IoVector().length(0));
    }

    // ---- statuses ----

    @ParameterizedTest
    @CsvSource({
        "0, OK",
        "5, IO_ERROR",
        "28, NO_SPACE",
        "123, NO_MEDIUM",
        "1, READ_ONLY",
        "30, READ_ONLY",
        "95, NOT_SUPPORTED",
        "125, CANCELED",
        "22, INVALID",
        "9999, IO_ERROR"
    })
    void errnosHaveAStatus(final int errno, final Status expected) {
        assertEquals(expected, Status.ofErrno(errno));
    }
}
