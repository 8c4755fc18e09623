package io.drivebay.cli.daemon;

import io.drivebay.cli.host.Endpoint;
import io.drivebay.cli.options.KeyValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * One option of the daemon's command line that is carried out in its turn.
 *
 * @param kind which option
 * @param text its value as it was written
 * @param options its value
 */
record Step(Kind kind, String text, Map<String, Object> options) {
    /** The options that are carried out one after another, each with the key that its first value may leave out. */
    enum Kind {
        BLOCKDEV("--blockdev", "driver"),
        CHARDEV("--chardev", "backend"),
        EXPORT("--export", "type"),
        MONITOR("--monitor", "chardev"),
        NBD_SERVER("--nbd-server", null),
        OBJECT("--object", "qom-type");

        private final String option;
        private final @Nullable String implied;

        Kind(final String option, final @Nullable String implied) {
            this.option = option;
            this.implied = implied;
        }

        String option() {
            return option;
        }
    }

    /**
     * Reads an option's value.
     *
     * @throws TypeConversionException saying what makes no sense, but not what an object's properties are: one may be secret
     */
    static Step parse(final Kind kind, final String text) {
        try {
            final String spelled = kind == Kind.CHARDEV ? Endpoint.flags(text) : text;
            return new Step(kind, text, KeyValues.parse(spelled, kind.implied));
        } catch (final TypeConversionException e) {
            throw kind == Kind.OBJECT ? new TypeConversionException("neither key=value,... nor a JSON object") : e;
        }
    }

    /** The step in a message. */
    String describe() {
        return kind == Kind.OBJECT
                ? kind.option + " " + options.getOrDefault("qom-type", "") + ",id=" + options.getOrDefault("id", "")
                : kind.option + " " + text;
    }

    /** A member that is a string; null when it is missing or something else. */
    @Nullable
    String word(final String key) {
        return options.get(key) instanceof String word ? word : null;
    }
}
