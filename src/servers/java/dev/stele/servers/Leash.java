package dev.stele.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A child process that ends when this JVM does, however this JVM ends.
 *
 * <p>Between the two stands a shell that reads signal names from a pipe; at its end, when the JVM
 * has gone, the shell stops the child by itself. It holds a lock on the child's folder that all its
 * descendants inherit.
 */
final class Leash {

    /** The signal that asks a child to stop; what it means is the child's affair. */
    enum Signal {
        INT,
        QUIT,
        TERM,
        KILL
    }

    /** How to start a child: what it is called, where it lives, and how it is asked to stop. */
    record Child(String name, Path folder, Signal stopSignal, List<String> command) {}

    /**
     * How long a start waits for the folder: the servers of a JVM that was just killed need a
     * moment to stop.
     */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final int POLL_MILLIS = 10;

    /** The exit code of {@link #SCRIPT} when the folder stays locked. */
    private static final int FOLDER_IN_USE = 75;

    /**
     * The log is opened only under the lock, so that a second start cannot empty the log of the
     * first. A signal asked for gets a second before the stop signal follows: sent together, the
     * one with the lower number would arrive first and turn a crash into an orderly stop. The stop
     * signal is repeated: a child that is still a script on its way to becoming the server ignores
     * it, and one that ignores it for 30 seconds is killed.
     */
    private static final String SCRIPT =
            """
            folder=$1 patience=$2 stop=$3
            shift 3
            exec 3<&0 4>>"$folder/lock" </dev/null
            flock -w "$patience" 4 || exit 75
            exec >"$folder/log" 2>&1
            "$@" 3<&- &
            child=$!
            {
              while read -r signal <&3; do
                kill -s "$signal" "$child"
                sleep 1
              done
              tries=0
              while kill -s "$stop" "$child"; do
                sleep 1
                tries=$((tries + 1))
                [ "$tries" -lt 30 ] || stop=KILL
              done
            } 4>&- 2>/dev/null &
            watcher=$!
            wait "$child"
            status=$?
            kill "$watcher" 2>/dev/null
            exit "$status"
            """;

    private final Child child;
    private final Process shell;

    private Leash(Child child, Process shell) {
        this.child = child;
        this.shell = shell;
    }

    /** Starts the child and returns when it is ready, or fails with what it said. */
    static Leash start(Child child, Duration patience, Predicate<Leash> ready) {
        Leash leash = new Leash(child, spawn(child, patience));
        long deadline = System.nanoTime() + patience.plus(START_LIMIT).toNanos();
        while (!ready.test(leash)) {
            if (leash.endsWithin(Duration.ofMillis(POLL_MILLIS))) {
                throw leash.failure();
            }
            if (System.nanoTime() > deadline) {
                leash.stop(Signal.KILL);
                throw leash.failure();
            }
        }
        return leash;
    }

    private static Process spawn(Child child, Duration patience) {
        // A session of its own: Ctrl-C reaches the terminal's foreground group, and would otherwise
        // stop the servers before the application that still uses them.
        List<String> command = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, child.name()));
        command.add(child.folder().toString());
        command.add(Long.toString(patience.toSeconds()));
        command.add(child.stopSignal().name());
        command.addAll(child.command());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        // Messages in English and numbers in the C form, whatever the user's language.
        builder.environment().put("LC_ALL", "C");
        try {
            Files.createDirectories(child.folder());
            return builder.start();
        } catch (IOException e) {
            throw new ServerFailedException(
                    "%s could not be started in %s: %s"
                            .formatted(child.name(), child.folder(), e.getMessage()),
                    e);
        }
    }

    /** Whether {@code pid} is the child, or a process that it started. */
    boolean holds(long pid) {
        return shell.descendants().anyMatch(process -> process.pid() == pid);
    }

    CompletableFuture<ServerFailedException> ended() {
        return shell.onExit().thenApply(ended -> failure());
    }

    /** Sends the child a signal and waits until it has gone. */
    void stop(Signal signal) {
        try (Writer pipe = shell.outputWriter()) {
            pipe.write(signal.name() + "\n");
        } catch (IOException goneAlready) {
            // The shell reads as long as the child lives: there is nobody left to stop.
        }
        if (!endsWithin(STOP_LIMIT)) {
            throw new ServerFailedException(
                    "%s in %s did not stop within %d s."
                            .formatted(child.name(), child.folder(), STOP_LIMIT.toSeconds()));
        }
    }

    private boolean endsWithin(Duration limit) {
        try {
            return shell.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailedException("Interrupted while waiting for " + child.name(), e);
        }
    }

    private ServerFailedException failure() {
        if (!shell.isAlive() && shell.exitValue() == FOLDER_IN_USE) {
            return new ServerFailedException(
                    "The folder %s is in use by another running %s; stop that one first."
                            .formatted(child.folder(), child.name()));
        }
        return new ServerFailedException(
                "%s failed in %s. The end of its log:%n%s"
                        .formatted(child.name(), child.folder(), lastLines(15)));
    }

    private String lastLines(int count) {
        try {
            List<String> lines = Files.readString(child.folder().resolve("log")).lines().toList();
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
