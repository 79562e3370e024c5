package io.tarn.standalone.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between modules and packages that docs/architecture.md rules out. */
class ArchitectureTest {
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.tarn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"master", "worker", "client", "cli", "understore", "runtime", "protocol"})
    void theModuleIsLookedAt(String module) {
        assertTrue(
                classes.stream().anyMatch(each -> each.getPackageName().startsWith("io.tarn." + module)),
                "classes of " + module);
    }

    @Test
    void masterAndWorkerDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.tarn.master..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tarn.worker..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("io.tarn.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tarn.master..")
                .check(classes);
    }

    @Test
    void nothingKnowsTheOperator() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tarn.operator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tarn.operator..")
                .check(classes);
    }

    @Test
    void clientsLiveInOtherPeoplesProcessesSoTheyUseNoServerPlumbing() {
        noClasses()
                .that()
                .resideInAnyPackage("io.tarn.client..", "io.tarn.cli..", "io.tarn.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tarn.runtime..", "io.tarn.understore..", "io.tarn.master..", "io.tarn.worker..")
                .check(classes);
    }

    @Test
    void lowerModulesDoNotKnowHigherOnes() {
        noClasses()
                .that()
                .resideInAPackage("io.tarn.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tarn.client..", "io.tarn.cli..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage("io.tarn.runtime..", "io.tarn.understore..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tarn.master..", "io.tarn.worker..", "io.tarn.client..", "io.tarn.cli..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage("io.tarn.master..", "io.tarn.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tarn.client..", "io.tarn.cli..", "io.tarn.standalone..")
                .check(classes);
    }

    /** Replay must give the same state on every master: see docs/architecture.md. */
    @Test
    void replayIsDeterministic() {
        noClasses()
                .that()
                .resideInAnyPackage("io.tarn.master.record..", "io.tarn.master.state..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .check(classes);
    }

    /** Times and ids are chosen before the journal, from a clock that a simulation can give; the namespace does not know how calls come to it. */
    @Test
    void namespaceKnowsNoWallClockNoEtcdAndNoGrpc() {
        noClasses()
                .that()
                .resideInAnyPackage("io.tarn.master.record..", "io.tarn.master.state..", "io.tarn.master.namespace..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.etcd..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .check(classes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol", "runtime", "understore", "master", "worker", "client", "cli", "standalone"})
    void packagesHaveNoCycles(String module) {
        slices().matching("io.tarn." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(classes);
    }
}
