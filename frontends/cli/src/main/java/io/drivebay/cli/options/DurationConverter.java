package io.drivebay.cli.options;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times up to 100 years: {@code 10} and {@code 10s} are ten seconds, {@code 500ms}, {@code 2m}, {@code 1h}. */
public final class DurationConverter implements ITypeConverter<Duration> {
    /** Two of them are still a number of nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h|)");

    @Override
    public Duration convert(final String text) {
        final Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no time: a number of seconds, or one with ms, s, m or h");
        }
        final long number = Long.parseLong(matcher.group(1));
        final Duration time = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofSeconds(number);
        };
        if (time.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("'" + text + "' is over 100 years");
        }
        return time;
    }
}
