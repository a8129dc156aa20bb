package dev.stele.servers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code .stele} at the project's top, and the one program at a time that keeps its
 * servers there. The claim ends with the JVM.
 */
final class Session {

    private final Path folder;

    /** Held for as long as the session is: a lock that is collected is a lock released. */
    private final FileLock claim;

    private Session(Path folder, FileLock claim) {
        this.folder = folder;
        this.claim = claim;
    }

    static Session claim(Path project) {
        Path folder = project.resolve(".stele").toAbsolutePath().normalize();
        Path holder = folder.resolve("session.pid");
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(holder, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                String pid = Files.readString(holder).strip();
                channel.close();
                throw new ServerFailedException(
                        ("%s is in use by another ./mvnw -Pdev or ./mvnw -Pservers, process %s:"
                                        + " stop that one first.")
                                .formatted(folder, pid));
            }
            // Through the same channel: closing any other one on the file would drop the lock.
            String pid = Long.toString(ProcessHandle.current().pid());
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(pid));
            return new Session(folder, lock);
        } catch (IOException e) {
            throw new ServerFailedException("%s cannot be used: %s".formatted(folder, e), e);
        }
    }

    Servers start(Set<Servers.Kind> wanted) {
        if (!claim.isValid()) {
            throw new IllegalStateException("The session has ended");
        }
        return Servers.start(folder, wanted);
    }

    Path write(String file, String content) {
        try {
            return Files.writeString(folder.resolve(file), content);
        } catch (IOException e) {
            throw new ServerFailedException(
                    "%s cannot be written: %s".formatted(folder.resolve(file), e), e);
        }
    }
}
