package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program {@code jq} of this machine, where it is the version that ours is measured by. */
final class ReferenceJq {
    private static final String VERSION = "jq-1.6";
    private static final int SECONDS = 60;

    private final Path folder;

    private ReferenceJq(Path folder) {
        this.folder = folder;
    }

    /** Leaves the test out where there is none. */
    static ReferenceJq assumed(Path folder) throws InterruptedException {
        ReferenceJq jq = new ReferenceJq(folder);
        assumeTrue(jq.isThere(), "left out: there is no " + VERSION + " to compare with");
        return jq;
    }

    private boolean isThere() throws InterruptedException {
        try {
            return run("jq", "--version").equals(List.of(VERSION));
        } catch (IOException e) {
            return false;
        }
    }

    /** A line of JSON for each value of the program, whose input is null. */
    List<String> lines(String program) throws IOException, InterruptedException {
        Path file = folder.resolve("program.jq");
        Files.writeString(file, program);
        return run("jq", "-n", "-c", "-f", file.toString());
    }

    private List<String> run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "jq does not end");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> text(errors));
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
