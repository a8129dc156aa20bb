package dev.stele.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a {@code .tar.xz} with its links and executable files, readable by every user: whatever
 * the umask, PostgreSQL may have to run as another one.
 */
final class Archive {

    private static final int OWNER_EXECUTES = 0100;
    private static final Set<PosixFilePermission> PROGRAM =
            PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> DATA =
            PosixFilePermissions.fromString("rw-r--r--");

    private Archive() {}

    static void unpack(InputStream archive, Path folder) throws IOException {
        makeFolder(folder);
        var xz = new XZCompressorInputStream(new BufferedInputStream(archive));
        try (var tar = new TarArchiveInputStream(xz)) {
            @Nullable TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException("The archive names a path outside: " + entry.getName());
                }
                write(entry, tar, path);
                entry = tar.getNextEntry();
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path path)
            throws IOException {
        if (entry.isDirectory()) {
            makeFolder(path);
            return;
        }
        makeFolder(path.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, path);
        boolean program = (entry.getMode() & OWNER_EXECUTES) != 0;
        Files.setPosixFilePermissions(path, program ? PROGRAM : DATA);
    }

    /** Entries come parents first, so every folder on the way gets its permissions. */
    private static void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PROGRAM);
    }
}
