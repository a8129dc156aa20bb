package dev.stele.testing;

import dev.stele.servers.Folders;
import dev.stele.servers.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The servers of this JVM. To be loaded by the system class loader only: see the package. */
public final class SharedServers {

    /** What a test may do to them; the name crosses the class loaders. */
    enum Action {
        STOP_POSTGRES_FAST,
        STOP_POSTGRES_IMMEDIATE,
        START_POSTGRES,
        STOP_KAFKA,
        KILL_KAFKA,
        START_KAFKA
    }

    private static final Servers SERVERS = start();

    private SharedServers() {}

    public static Map<String, String> configuration() {
        return SERVERS.configuration();
    }

    public static void perform(String action) {
        switch (Action.valueOf(action)) {
            case STOP_POSTGRES_FAST -> SERVERS.postgres().stopFast();
            case STOP_POSTGRES_IMMEDIATE -> SERVERS.postgres().stopImmediate();
            case START_POSTGRES -> SERVERS.postgres().startAgain();
            case STOP_KAFKA -> SERVERS.kafka().stop();
            case KILL_KAFKA -> SERVERS.kafka().kill();
            case START_KAFKA -> SERVERS.kafka().startAgain();
        }
    }

    private static Servers start() {
        Path target = Path.of("target");
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(target), "servers-");
            Servers servers = Servers.startOnFreePorts(folder);
            // The servers would end by themselves; the folder would stay.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(servers, folder)));
            return servers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Servers servers, Path folder) {
        servers.close();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
