package dev.stele;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stele.testing.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Dockerfile of what was built, carried out without Docker: the files that it copies are there,
 * and its entry point starts among them.
 */
class ImageIT {

    private static final Path DOCKERFILE =
            Path.of(
                    "src/main/docker",
                    Service.isJar() ? "Dockerfile.jvm" : "Dockerfile.native-micro");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?:--\\S+ )*(\\S+) (\\S+)$");
    private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT (\\[.*])$");

    private final Path image;

    ImageIT(@TempDir Path image) {
        this.image = image;
    }

    @Test
    void the_entry_point_starts_among_the_files_that_are_copied()
            throws IOException, InterruptedException {
        String dockerfile = Files.readString(DOCKERFILE);
        for (MatchResult copy : COPY.matcher(dockerfile).results().toList()) {
            copy(Path.of(copy.group(1)), copy.group(2));
        }

        Process process = start(dockerfile);

        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(said.contains("QUARKUS_DATASOURCE_REACTIVE_URL is not set"), said);
        assertEquals(2, process.waitFor());
    }

    @Test
    void the_builder_is_sent_what_is_copied() throws IOException {
        List<String> sent =
                Files.readAllLines(Path.of(".dockerignore")).stream()
                        .filter(line -> line.startsWith("!"))
                        .map(line -> line.substring(1))
                        .toList();
        COPY.matcher(Files.readString(DOCKERFILE))
                .results()
                .map(copy -> copy.group(1))
                .forEach(source -> assertTrue(sent.stream().anyMatch(source::startsWith), source));
    }

    /** A folder gives what is in it, a pattern the one file that it matches. */
    private void copy(Path source, String target) throws IOException {
        if (Files.isDirectory(source)) {
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.toList()) {
                    Files.copy(file, image.resolve(target).resolve(source.relativize(file)));
                }
            }
            return;
        }
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(source.getParent(), source.getFileName().toString())) {
            for (Path file : found) {
                Path to = image.resolve(target);
                Files.copy(file, Files.isDirectory(to) ? to.resolve(file.getFileName()) : to);
            }
        }
    }

    /** Without any settings, of which it complains. */
    private Process start(String dockerfile) throws IOException {
        MatchResult entryPoint = ENTRYPOINT.matcher(dockerfile).results().findFirst().orElseThrow();
        List<String> command =
                new ArrayList<>(
                        new ObjectMapper()
                                .readValue(
                                        entryPoint.group(1), new TypeReference<List<String>>() {}));
        Path program =
                command.getFirst().equals("java")
                        ? Path.of(System.getProperty("java.home"), "bin/java")
                        : image.resolve(command.getFirst());
        command.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(command).directory(image.toFile());
        builder.environment().clear();
        return builder.start();
    }
}
