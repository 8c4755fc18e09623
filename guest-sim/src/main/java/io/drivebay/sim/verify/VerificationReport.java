package io.drivebay.sim.verify;

import java.util.List;
import java.util.stream.Stream;

/**
 * What verification found.
 *
 * @param unitsVerified units that were read and compared
 * @param unitsUnknown units that were read but of which nothing was known
 * @param mismatches how many of the verified units were wrong
 * @param examples the first mismatches, at most {@link Verification#MAX_EXAMPLES} for each job
 */
public record VerificationReport(long unitsVerified, long unitsUnknown, long mismatches, List<Mismatch> examples) {
    /** The report of a run that verified nothing. */
    public static final VerificationReport NONE = new VerificationReport(0, 0, 0, List.of());

    /** Both reports in one. */
    public VerificationReport plus(final VerificationReport other) {
        return new VerificationReport(
                unitsVerified + other.unitsVerified,
                unitsUnknown + other.unitsUnknown,
                mismatches + other.mismatches,
                Stream.concat(examples.stream(), other.examples.stream()).toList());
    }
}
