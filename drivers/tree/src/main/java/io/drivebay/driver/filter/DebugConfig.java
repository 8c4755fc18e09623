package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault injector's configuration file, as QEMU has it: groups {@code [inject-error]}, {@code [set-state]} and {@code
 * [inject-latency]}, each a rule, with lines {@code key = "value"}; a line that begins with # says nothing.
 */
final class DebugConfig {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern GROUP = Pattern.compile("\\[([a-z-]+)]");
    private static final Pattern OPTION = Pattern.compile("([a-z_-]+) *= *\"([^\"]*)\"");

    private final String file;
    private final Map<String, List<Map<String, Object>>> rules = new LinkedHashMap<>();

    private DebugConfig(final String file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @return its rules, as options
     * @throws BlockException IO when it cannot be read, INVALID_OPTION when it is none
     */
    static BlockdevOptions read(final String file) throws BlockException {
        final DebugConfig config = new DebugConfig(file);
        config.parse(text(file));
        return new BlockdevOptions(config.rules);
    }

    private static String text(final String file) throws BlockException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            final byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new BlockException(Kind.INVALID_OPTION, "option 'config': " + file + " is beyond 1 MiB");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (final IOException | InvalidPathException e) {
            throw new BlockException(Kind.IO, "option 'config': " + file + " cannot be read: " + e, e);
        }
    }

    private void parse(final String text) throws BlockException {
        Map<String, Object> rule = null;
        int number = 0;
        for (final String raw : text.split("\n", -1)) {
            final String line = raw.strip();
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            final Matcher group = GROUP.matcher(line);
            final Matcher option = OPTION.matcher(line);
            if (group.matches()) {
                rule = new LinkedHashMap<>();
                rules.computeIfAbsent(group.group(1), name -> new ArrayList<>()).add(rule);
            } else if (rule == null || !option.matches()) {
                throw wrong(number, "'" + line + "' is neither [group] nor key = \"value\" in one");
            } else if (rule.put(option.group(1), option.group(2)) != null) {
                throw wrong(number, "'" + option.group(1) + "' is given twice");
            }
        }
    }

    private BlockException wrong(final int line, final String why) {
        return new BlockException(Kind.INVALID_OPTION, "option 'config': " + file + ", line " + line + ": " + why);
    }
}
