package io.drivebay.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/** What Maven modules cannot enforce: who may know whom, and who may ask for the time. */
@AnalyzeClasses(
        packages = "io.drivebay",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestsOfOthers.class})
final class ArchitectureTest {
    /** Leaves out the tests that another module has in a jar. */
    static final class NoTestsOfOthers implements ImportOption {
        @Override
        public boolean includes(final Location location) {
            return !location.contains("-tests.jar");
        }
    }

    /** Classes, or packages where the name ends in "..", that may read clocks, sleep and make random numbers. */
    private static final List<String> CLOCK_AND_CHANCE = List.of(
            "io.drivebay.backend.context.SystemClock",
            "io.drivebay.cli.bench.BenchRun",
            "io.drivebay.cli.demo.Part",
            "io.drivebay.cli.demo.Swapper",
            "io.drivebay.monitor.WallClock",
            "io.drivebay.perf.peers..");

    /** Everything else is given a clock; a generator with a seed is given its seed. */
    private static final Set<String> CLOCK_AND_CHANCE_CALLS = Set.of(
            "java.lang.System.nanoTime()",
            "java.lang.System.currentTimeMillis()",
            "java.lang.Math.random()",
            "java.lang.Thread.sleep(long)",
            "java.lang.Thread.sleep(long, int)",
            "java.lang.Thread.sleep(java.time.Duration)",
            "java.time.Instant.now()",
            "java.time.LocalDateTime.now()",
            "java.time.ZonedDateTime.now()",
            "java.time.Clock.systemUTC()",
            "java.time.Clock.systemDefaultZone()",
            "java.util.Random.<init>()",
            "java.util.SplittableRandom.<init>()",
            "java.security.SecureRandom.<init>()",
            "java.util.UUID.randomUUID()",
            "java.util.concurrent.ThreadLocalRandom.current()",
            "java.util.concurrent.TimeUnit.sleep(long)");

    /** Packages of JCTools whose classes stand on sun.misc.Unsafe; {@code queues.varhandle} has twins of them. */
    private static final DescribedPredicate<JavaClass> UNSAFE_QUEUE = resideInAnyPackage(
            "org.jctools.queues", "org.jctools.queues.unpadded", "org.jctools.maps..", "org.jctools.util..");

    @ArchTest
    static final ArchRule DEVICE_MODELS_KNOW_NO_DRIVER = noClasses()
            .that()
            .resideInAnyPackage("io.drivebay.virtio..", "io.drivebay.ide..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.drivebay.driver..", "io.drivebay.posix..");

    @ArchTest
    static final ArchRule THE_BACKEND_KNOWS_ONLY_ITSELF = noClasses()
            .that()
            .resideInAPackage("io.drivebay.backend..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("io.drivebay..").and(not(resideInAnyPackage("io.drivebay.backend.."))));

    @ArchTest
    static final ArchRule THE_MONITOR_KNOWS_ONLY_THE_BACKEND = noClasses()
            .that()
            .resideInAPackage("io.drivebay.monitor..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.drivebay..")
                    .and(not(resideInAnyPackage("io.drivebay.monitor..", "io.drivebay.backend.."))));

    @ArchTest
    static final ArchRule DRIVERS_KNOW_NO_FRONTEND = noClasses()
            .that()
            .resideInAnyPackage("io.drivebay.driver..", "io.drivebay.posix..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.drivebay.virtio..",
                    "io.drivebay.ide..",
                    "io.drivebay.exports..",
                    "io.drivebay.monitor..",
                    "io.drivebay.sim..",
                    "io.drivebay.perf..",
                    "io.drivebay.cli..");

    @ArchTest
    static final ArchRule THE_GUEST_KNOWS_NO_DRIVER = noClasses()
            .that()
            .resideInAPackage("io.drivebay.sim..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.drivebay.driver..");

    /** Sharing a guest's memory with another process takes descriptors; nothing else of a guest calls the host. */
    @ArchTest
    static final ArchRule ONLY_A_VHOST_GUEST_KNOWS_POSIX = noClasses()
            .that()
            .resideInAPackage("io.drivebay.sim..")
            .and()
            .resideOutsideOfPackage("io.drivebay.sim.vhost..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.drivebay.posix..");

    @ArchTest
    static final ArchRule ONLY_POSIX_CALLS_LIBC = noClasses()
            .that()
            .resideOutsideOfPackage("io.drivebay.posix..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching("io.drivebay.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_COME_IN_AS_PARAMETERS = noClasses()
            .that(not(describe("may read clocks and make random numbers", ArchitectureTest::mayReadClocks)))
            .should()
            .accessTargetWhere(describe("reads a clock, sleeps or draws lots", ArchitectureTest::readsClock));

    @ArchTest
    static final ArchRule NOBODY_USES_UNSAFE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("sun.misc.Unsafe")
            .orShould()
            .callConstructorWhere(
                    describe("makes a queue on top of Unsafe", call -> UNSAFE_QUEUE.test(call.getTargetOwner())));

    private ArchitectureTest() {}

    private static boolean mayReadClocks(final JavaClass javaClass) {
        return CLOCK_AND_CHANCE.stream()
                .anyMatch(name -> name.endsWith("..")
                        ? resideInAnyPackage(name).test(javaClass)
                        : (javaClass.getName() + "$").startsWith(name + "$"));
    }

    private static boolean readsClock(final JavaAccess<?> access) {
        return CLOCK_AND_CHANCE_CALLS.contains(access.getTarget().getFullName());
    }
}
