package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.monitor.protocol.QmpException;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of the {@code qemu-io} tool that scripts give a running machine: read, write, flush, discard, length, and
 * aio_read, aio_write, aio_flush, which do not wait. Requests go to the disk beside the guest's.
 */
final class QemuIo {
    private static final long WAIT_NS = 60_000_000_000L;
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_OUTSTANDING = 64;
    private static final long MAX_OUTSTANDING_BYTES = 64 << 20;
    private static final int USUAL_PATTERN = 0xcd;
    private static final BlockDevice NO_DEVICE = () -> "qemu-io";

    private final List<IoTask> outstanding = new ArrayList<>();

    /** What a backend of this command's own needs before it gets its medium. */
    static void takePermissions(final BlockBackend backend, final boolean readOnly) throws BlockException {
        final int write = readOnly ? 0 : Permission.WRITE.bit();
        backend.attachDevice(NO_DEVICE, Permission.CONSISTENT_READ.bit() | write, Permission.ALL);
    }

    /** Carries a command out on a backend, with the permissions of its device or, for the time being, of its own. */
    String run(final BlockBackend backend, final List<String> words) throws BlockException, QmpException {
        if (backend.device() != null) {
            return carryOut(backend, words);
        }
        takePermissions(backend, backend.readOnly());
        try {
            return runToTheEnd(backend, words);
        } finally {
            backend.detachDevice();
        }
    }

    /** Carries a command out, and leaves nothing behind that has not ended. */
    String runToTheEnd(final BlockBackend backend, final List<String> words) throws BlockException, QmpException {
        final String answer = carryOut(backend, words);
        awaitAll();
        return answer;
    }

    private String carryOut(final BlockBackend backend, final List<String> words) throws BlockException, QmpException {
        if (words.isEmpty()) {
            return "";
        }
        final List<String> rest = words.subList(1, words.size());
        outstanding.removeIf(IoTask::done);
        return switch (words.get(0)) {
            case "read", "r" -> await(transfer(backend, Operation.READ, rest));
            case "write", "w" -> await(transfer(backend, Operation.WRITE, rest));
            case "discard", "d" -> await(transfer(backend, Operation.DISCARD, rest));
            case "aio_read" -> leave(transfer(backend, Operation.READ, rest));
            case "aio_write" -> leave(transfer(backend, Operation.WRITE, rest));
            case "aio_flush" -> awaitAll();
            case "flush", "f" -> await(new IoTask(backend, Operation.FLUSH, 0, 0, 0));
            case "length", "l" -> backend.lengthBytes() + "\n";
            default -> "command \"" + words.get(0) + "\" not found\n";
        };
    }

    /** Options, then offset and length. */
    private IoTask transfer(final BlockBackend backend, final Operation operation, final List<String> words)
            throws BlockException, QmpException {
        int pattern = -1;
        int flags = 0;
        Operation meant = operation;
        int at = 0;
        for (; at < words.size() && words.get(at).startsWith("-"); at++) {
            switch (words.get(at)) {
                case "-P" -> {
                    at++;
                    pattern = (int) number(words, at) & 0xff;
                }
                case "-f" -> flags |= RequestFlags.FUA;
                case "-u" -> flags |= RequestFlags.MAY_UNMAP;
                case "-z" -> meant = Operation.WRITE_ZEROES;
                case "-q", "-C" -> {}
                default -> throw new QmpException("unknown option '" + words.get(at) + "'");
            }
        }
        final long offset = number(words, at);
        final long length = number(words, at + 1);
        if (words.size() != at + 2 || (meant.transfers() && length > MAX_BYTES)) {
            throw new QmpException("expected an offset and a length of at most " + MAX_BYTES + " bytes");
        }
        final IoTask task = new IoTask(backend, meant, offset, length, flags);
        if (meant == Operation.READ) {
            task.expect(pattern);
        } else if (meant == Operation.WRITE) {
            task.fill(pattern < 0 ? USUAL_PATTERN : pattern);
        }
        return task;
    }

    private static long number(final List<String> words, final int at) throws QmpException {
        if (at < words.size()) {
            final String word = words.get(at);
            final int power = word.isEmpty() ? -1 : "bkMGTP".indexOf(word.charAt(word.length() - 1));
            final String digits = power < 0 ? word : word.substring(0, word.length() - 1);
            try {
                return Math.multiplyExact(Long.decode(digits), 1L << (10 * Math.max(0, power)));
            } catch (final NumberFormatException | ArithmeticException e) {
                throw new QmpException("'" + word + "' is not a number");
            }
        }
        throw new QmpException("expected an offset and a length");
    }

    private static String await(final IoTask task) throws BlockException {
        task.submit();
        return task.await(WAIT_NS);
    }

    private String leave(final IoTask task) throws BlockException {
        final long bytes =
                task.bytes() + outstanding.stream().mapToLong(IoTask::bytes).sum();
        if (outstanding.size() >= MAX_OUTSTANDING || bytes > MAX_OUTSTANDING_BYTES) {
            throw new BlockException(
                    Kind.IN_USE,
                    "there are " + outstanding.size() + " requests under way, and no room for this one; use aio_flush");
        }
        task.submit();
        outstanding.add(task);
        return "";
    }

    private String awaitAll() throws BlockException {
        final StringBuilder answers = new StringBuilder();
        for (final IoTask task : List.copyOf(outstanding)) {
            answers.append(task.await(WAIT_NS));
            outstanding.remove(task);
        }
        return answers.toString();
    }
}
