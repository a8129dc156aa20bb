package dev.stele.jq;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Test cases in a text file: one a line, its fields divided by {@code §}. */
final class DataLines {
    private DataLines() {}

    static Stream<Arguments> of(String resource) {
        return fields(resource).map(fields -> Arguments.of(fields.toArray()));
    }

    static Stream<List<String>> fields(String resource) {
        try (InputStream in = DataLines.class.getResourceAsStream(resource)) {
            byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> List.of(line.split("§", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
