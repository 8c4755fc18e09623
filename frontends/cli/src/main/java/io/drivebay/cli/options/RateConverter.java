package io.drivebay.cli.options;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Requests a second, above 0: {@code 500}, {@code 20k}, {@code 1M}; powers of 1000. */
public final class RateConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(final String text) {
        return Suffixed.parse(text.toUpperCase(Locale.ROOT), " KM", 1000)
                .filter(rate -> rate > 0)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no rate: requests a second, such as 500, 20k or 1M"));
    }
}
