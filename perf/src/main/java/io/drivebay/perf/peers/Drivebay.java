package io.drivebay.perf.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.ResultFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** This project's own programs, each in a JVM of its own. */
final class Drivebay {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path jar;
    private final Path benchmarks;
    private final String runtime;

    /**
     * The programs.
     *
     * @param jar drivebay.jar
     * @param benchmarks benchmarks.jar
     * @param seconds how long a bench runs
     */
    Drivebay(final Path jar, final Path benchmarks, final int seconds) {
        this.jar = jar;
        this.benchmarks = benchmarks;
        this.runtime = "--runtime=" + seconds + "s";
    }

    /** Where drivebay.jar is. */
    String jar() {
        return jar.toString();
    }

    /** The result of {@code drivebay bench} with some options. */
    BenchResult bench(final List<String> options) throws IOException {
        final List<String> command = new ArrayList<>(
                List.of(JAVA, "-jar", jar.toString(), "bench", runtime, "--warmup=3s", "--output=json"));
        command.addAll(options);
        return ResultFiles.fromJson(Tool.run(command));
    }

    /** What starts {@code drivebay daemon}. */
    List<String> daemon() {
        return List.of(JAVA, "-jar", jar.toString(), "daemon");
    }

    /** What starts {@code drivebay machine} under the name that clients of qtest want. */
    List<String> machine(final List<String> options) {
        final List<String> command = new ArrayList<>();
        command.add(jar.resolveSibling("drivebay-system-x86_64").toString());
        command.addAll(options);
        return command;
    }

    /** The only number in the output of one of this package's programs. */
    double program(final Class<?> main, final String... arguments) throws IOException {
        final List<String> command =
                new ArrayList<>(List.of(JAVA, "-Xmx256m", "-XX:-UsePerfData", "-cp", jar.toString(), main.getName()));
        command.addAll(List.of(arguments));
        return Double.parseDouble(Tool.run(command).trim());
    }

    /** The score of a microbenchmark, or one of its secondary scores. */
    double benchmark(final String name, final String parameters, final String secondary) throws IOException {
        final Path json = Files.createTempFile("drivebay", ".json");
        try {
            final List<String> command = new ArrayList<>(List.of(
                    JAVA, "-jar", benchmarks.toString(), name, "-prof", "gc", "-rf", "json", "-rff", json.toString()));
            if (!parameters.isEmpty()) {
                command.addAll(List.of("-p", parameters));
            }
            Tool.run(command);
            final JsonNode result = new ObjectMapper().readTree(json.toFile()).path(0);
            final JsonNode metric = secondary.isEmpty()
                    ? result.path("primaryMetric")
                    : result.path("secondaryMetrics").path(secondary);
            if (!metric.path("score").isNumber()) {
                throw new NoSuchElementException("benchmark " + name + " reports no " + secondary);
            }
            return metric.path("score").asDouble();
        } finally {
            Files.delete(json);
        }
    }
}
