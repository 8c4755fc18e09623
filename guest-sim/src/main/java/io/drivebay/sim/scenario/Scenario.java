package io.drivebay.sim.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A scenario file, read.
 *
 * <pre>
 *   line      = [ statement ] [ "#" comment ]
 *   statement = verb { word | key "=" value } [ "-&gt;" outcome { "|" outcome } ]
 * </pre>
 *
 * <p>Blanks separate; a comment begins at the line's begin or behind a blank. {@link #verbs} lists what there is.
 */
public final class Scenario {
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*$");
    private static final Pattern OPTION = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*=.*");
    private static final String ARROW = " -> ";
    private static final int LONGEST_FILE = 1 << 20;

    private final String file;
    private final List<Statement> statements;

    private Scenario(final String file, final List<Statement> statements) {
        this.file = file;
        this.statements = statements;
    }

    /** Reads a file. */
    public static Scenario read(final Path path) throws IOException, ScenarioException {
        if (Files.size(path) > LONGEST_FILE) {
            throw new IOException(path + ": a scenario has at most " + LONGEST_FILE + " bytes");
        }
        return parse(path.toString(), Files.readString(path, StandardCharsets.UTF_8));
    }

    /**
     * Reads a scenario of the library that comes with this module.
     *
     * @param name of its file, without the ending
     */
    public static Scenario ofLibrary(final String name) throws IOException, ScenarioException {
        final String file = name + ".scenario";
        try (InputStream found = Scenario.class.getResourceAsStream("/io/drivebay/sim/scenarios/" + file)) {
            if (found == null) {
                throw new IOException(file + ": the library has no such scenario");
            }
            return parse(file, new String(found.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads text.
     *
     * @param file what messages call it
     */
    public static Scenario parse(final String file, final String text) throws ScenarioException {
        final List<Statement> statements = new ArrayList<>();
        int number = 0;
        for (final String line : text.lines().toList()) {
            number++;
            final String said = COMMENT.matcher(line).replaceFirst("").strip();
            if (said.isEmpty()) {
                continue;
            }
            try {
                statements.add(statement(number, said));
            } catch (final IllegalArgumentException e) {
                throw new ScenarioException(file, number, String.valueOf(e.getMessage()), e);
            }
        }
        if (statements.stream().noneMatch(statement -> statement.verb().hasOutcome())) {
            throw new ScenarioException(file, Math.max(1, number), "nothing happens in this scenario");
        }
        return new Scenario(file, List.copyOf(statements));
    }

    private static Statement statement(final int number, final String said) {
        final int arrow = (said + " ").indexOf(ARROW);
        final String action = arrow < 0 ? said : said.substring(0, arrow);
        final @Nullable String expected = arrow < 0 ? null : normal(said.substring(Math.min(said.length(), arrow + 3)));
        final List<String> parts = new ArrayList<>(List.of(action.strip().split("\\s+", -1)));
        final Verb verb = Verbs.take(parts);
        final List<String> words = new ArrayList<>();
        final Map<String, String> options = new LinkedHashMap<>();
        for (final String part : parts) {
            if (OPTION.matcher(part).matches()) {
                final int equals = part.indexOf('=');
                options.put(part.substring(0, equals), part.substring(equals + 1));
            } else {
                words.add(part);
            }
        }
        verb.check(words, options.keySet());
        if (expected != null && (expected.isEmpty() || !verb.hasOutcome())) {
            throw new IllegalArgumentException(
                    expected.isEmpty() ? "an outcome must stand behind '->'" : "'" + verb.name() + "' has no outcome");
        }
        return new Statement(number, normal(action), verb, List.copyOf(words), Map.copyOf(options), expected);
    }

    private static String normal(final String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** What a line may do, one usage a line. */
    public static List<String> verbs() {
        return Verbs.usages();
    }

    public String file() {
        return file;
    }

    /**
     * Runs it in a machine of its own.
     *
     * @param seed of everything that chance decides
     */
    public ScenarioResult run(final long seed) {
        return new ScenarioRun(file, statements, seed).run();
    }
}
