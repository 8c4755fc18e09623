package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.drivebay.backend.fixture.BackendThatKnowsADriver;
import io.drivebay.driver.fixture.DriverThatKnowsADevice;
import io.drivebay.sim.fixture.GuestThatCallsTheHost;
import io.drivebay.sim.fixture.GuestThatKnowsADriver;
import io.drivebay.virtio.fixture.DeviceThatBreaksRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that nothing can break prove nothing: each one must fire on classes that break it. */
final class ArchitectureRulesTest {
    private static final JavaClasses OFFENDERS = new ClassFileImporter()
            .importClasses(
                    BackendThatKnowsADriver.class,
                    DeviceThatBreaksRules.class,
                    DriverThatKnowsADevice.class,
                    GuestThatCallsTheHost.class,
                    GuestThatKnowsADriver.class);

    private static Stream<Named<ArchRule>> rules() {
        return Stream.of(
                        ArchitectureTest.DEVICE_MODELS_KNOW_NO_DRIVER,
                        ArchitectureTest.THE_BACKEND_KNOWS_ONLY_ITSELF,
                        ArchitectureTest.DRIVERS_KNOW_NO_FRONTEND,
                        ArchitectureTest.THE_GUEST_KNOWS_NO_DRIVER,
                        ArchitectureTest.ONLY_A_VHOST_GUEST_KNOWS_POSIX,
                        ArchitectureTest.ONLY_POSIX_CALLS_LIBC,
                        ArchitectureTest.PACKAGES_FORM_NO_CYCLE,
                        ArchitectureTest.TIME_AND_CHANCE_COME_IN_AS_PARAMETERS,
                        ArchitectureTest.NOBODY_USES_UNSAFE)
                .map(rule -> Named.of(rule.getDescription(), rule));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aBrokenRuleIsReported(final ArchRule rule) {
        assertTrue(rule.evaluate(OFFENDERS).hasViolation());
    }
}
