package io.drivebay.perf.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The machine and the JVM that a run was made on; a number means little without them.
 *
 * @param os name, version and architecture
 * @param processor its model; "unknown" when the system does not say
 * @param processors how many the JVM may use
 * @param memoryBytes of the machine; 0 when the system does not say
 * @param java vendor and version of the JVM
 * @param maxHeapBytes the heap's limit
 */
public record HostInfo(String os, String processor, int processors, long memoryBytes, String java, long maxHeapBytes) {

    /** This machine and this JVM. */
    public static HostInfo here() {
        return new HostInfo(
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                fieldOf(Path.of("/proc/cpuinfo"), "model name", "unknown"),
                Runtime.getRuntime().availableProcessors(),
                kibibytes(fieldOf(Path.of("/proc/meminfo"), "MemTotal", "0 kB")),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                Runtime.getRuntime().maxMemory());
    }

    private static String fieldOf(final Path file, final String field, final String fallback) {
        try {
            for (final String line : Files.readAllLines(file)) {
                if (line.startsWith(field)) {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
        } catch (final IOException e) {
            return fallback;
        }
        return fallback;
    }

    private static long kibibytes(final String text) {
        final String digits = text.toLowerCase(Locale.ROOT).replace("kb", "").trim();
        return digits.chars().allMatch(Character::isDigit) ? Long.parseLong(digits) * 1024 : 0;
    }
}
