package dev.stele.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Finds the programs of PostgreSQL: an installation named by {@code -Dstele.postgres.bin}, else
 * those on the class path, unpacked once into a cache that all checkouts share.
 *
 * <p>The cache is addressed by content and filled by a rename, so it needs neither a version nor a
 * lock: of two processes that unpack at once one wins and both find the same files.
 */
final class PostgresBinaries {

    private static final String BIN_PROPERTY = "stele.postgres.bin";

    private PostgresBinaries() {}

    /** The folder that holds {@code postgres} and {@code initdb}. */
    static Path folder() {
        String installed = System.getProperty(BIN_PROPERTY, "");
        if (!installed.isEmpty()) {
            return requirePrograms(Path.of(installed));
        }
        try {
            Path cached = cache().resolve("postgres-" + digest());
            if (!Files.isDirectory(cached)) {
                unpackTo(cached);
            }
            return cached.resolve("bin");
        } catch (IOException e) {
            throw new ServerFailedException(
                    "PostgreSQL could not be unpacked into the cache: " + e, e);
        }
    }

    private static Path requirePrograms(Path bin) {
        if (!Files.isExecutable(bin.resolve("postgres"))
                || !Files.isExecutable(bin.resolve("initdb"))) {
            throw new ServerFailedException(
                    "-D%s=%s must name a folder that holds postgres and initdb."
                            .formatted(BIN_PROPERTY, bin));
        }
        return bin.toAbsolutePath();
    }

    /**
     * The user's cache. Root's lies in /var/cache, since root's home is closed to the user nobody,
     * whose rights PostgreSQL may have to run with.
     */
    private static Path cache() {
        String configured = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path caches;
        if (!configured.isEmpty()) {
            caches = Path.of(configured);
        } else if (Account.isRoot()) {
            caches = Path.of("/var/cache");
        } else {
            caches = Path.of(System.getProperty("user.home"), ".cache");
        }
        return caches.resolve("stele").toAbsolutePath();
    }

    private static InputStream open() {
        String resource =
                switch (System.getProperty("os.name") + " " + System.getProperty("os.arch")) {
                    case "Linux amd64" -> "/postgres-linux-x86_64.txz";
                    case "Linux aarch64" -> "/postgres-linux-arm_64.txz";
                    default -> "";
                };
        @Nullable InputStream archive =
                resource.isEmpty() ? null : PostgresBinaries.class.getResourceAsStream(resource);
        if (archive == null) {
            throw new ServerFailedException(
                    ("There is no embedded PostgreSQL for %s on %s:"
                                    + " name the bin folder of an installed one with -D%s.")
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    BIN_PROPERTY));
        }
        return archive;
    }

    private static String digest() throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (var archive = new DigestInputStream(open(), sha)) {
                archive.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void unpackTo(Path target) throws IOException {
        Path caches = target.resolveSibling("");
        Files.createDirectories(caches);
        Path fresh = Files.createTempDirectory(caches, "unpacking-");
        try {
            try (InputStream archive = open()) {
                Archive.unpack(archive, fresh);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Folders.delete(fresh);
            // Unless another process was faster.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }
}
