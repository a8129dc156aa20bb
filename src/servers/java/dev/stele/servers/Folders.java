package dev.stele.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the servers need of the file system beyond {@link Files}. */
public final class Folders {

    private Folders() {}

    /** Deletes the folder and all that lies below it; does not follow links. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> childrenFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            childrenFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : childrenFirst) {
            Files.deleteIfExists(path);
        }
    }
}
