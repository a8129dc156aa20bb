package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaVersionTest {

    @Test
    void the_version_that_is_needed_is_that_of_the_newest_migration() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            int newest =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches("V\\d.*"))
                            .mapToInt(
                                    name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                            .max()
                            .orElseThrow();
            assertEquals(newest, SchemaVersion.NEEDED);
        }
    }
}
