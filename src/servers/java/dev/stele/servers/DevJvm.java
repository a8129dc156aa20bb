package dev.stele.servers;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Ends the JVM that {@code quarkus:dev} forks when Maven's own JVM has gone.
 *
 * <p>After Ctrl-C the plugin does so itself. After {@code kill -9} nobody would: the fork has no
 * pipe from its parent, and would keep the HTTP port for ever. It cannot watch by itself, since
 * whatever did so would be part of the application; and its process id is not known, since it is
 * forked after the servers are up, and again when the pom changes. So a shell waits for the end of
 * a pipe from Maven's JVM, like a {@link Leash}, and then looks for the process that was given this
 * session's properties file: one of its arguments, and nobody else's.
 */
final class DevJvm {

    /** Asks once, and after five seconds ends what is still there. */
    private static final String SCRIPT =
            """
            find_dev() {
              for process in /proc/[0-9]*; do
                grep -qszFx -e "$argument" "$process/cmdline" && echo "${process#/proc/}"
              done
            }
            while read -r line; do :; done
            for dev in $(find_dev); do kill "$dev"; done
            tries=0
            while [ -n "$(find_dev)" ] && [ "$tries" -lt 25 ]; do
              sleep 0.2
              tries=$((tries + 1))
            done
            for dev in $(find_dev); do kill -KILL "$dev"; done
            """;

    private DevJvm() {}

    static void endAfterThisOne(Path propertiesFile) {
        var builder =
                new ProcessBuilder("setsid", "sh", "-c", SCRIPT)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        // In the environment, so that the shell is not itself found by its arguments.
        builder.environment().put("argument", "-Dquarkus.config.locations=" + propertiesFile);
        try {
            // The child keeps reading from the pipe, whether or not the Process is still
            // referenced.
            Process shell = builder.start();
            if (!shell.isAlive()) {
                throw new ServerFailedException("sh ended early: dev mode would not be ended.");
            }
        } catch (IOException e) {
            throw new ServerFailedException("sh could not be started: " + e.getMessage(), e);
        }
    }
}
