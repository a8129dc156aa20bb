package dev.stele.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that hangs: its processes are stopped, so that its connections stay open, take what is
 * sent, and answer nothing. They go on when this is closed.
 */
final class Frozen implements AutoCloseable {

    private final List<ProcessHandle> processes;

    private Frozen(ProcessHandle first) {
        processes = new ArrayList<>(List.of(first));
        signal("STOP", processes);
        // Its children, after it can have no more of them.
        List<ProcessHandle> children = first.descendants().toList();
        signal("STOP", children);
        processes.addAll(children);
    }

    /**
     * @param servers the folder of both servers
     */
    static Frozen postgres(Path servers) {
        return of(servers.resolve("postgres/data/postmaster.pid"));
    }

    /**
     * @param servers the folder of both servers
     */
    static Frozen kafka(Path servers) {
        return of(servers.resolve("kafka/ready"));
    }

    private static Frozen of(Path pidFile) {
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
            return new Frozen(ProcessHandle.of(pid).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String name, List<ProcessHandle> to) {
        if (to.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        to.forEach(each -> command.add(Long.toString(each.pid())));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        signal("CONT", processes);
    }
}
