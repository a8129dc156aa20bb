package dev.stele.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeashTest {

    @TempDir Path folder;

    @Test
    void killing_the_jvm_leaves_no_server_and_the_data_is_found_again() throws Exception {
        Process launcher = launch();
        BufferedReader said = launcher.inputReader();
        assertEquals("running", said.readLine());
        List<ProcessHandle> servers = launcher.descendants().toList();
        assertTrue(servers.size() > 4, "two shells, a broker, and a postgres of many processes");

        launcher.destroyForcibly().waitFor();

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
        PostgresServer.start(folder.resolve("postgres"), Ports.ANY).close();
    }

    private Process launch() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath =
                "target/test-classes"
                        + File.pathSeparator
                        + Files.readString(Path.of("target/servers.classpath")).strip();
        return new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        classPath,
                        Launcher.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The program in the JVM that gets killed. */
    static final class Launcher {

        private Launcher() {}

        static void main(String... arguments) throws Exception {
            Servers servers = Servers.startOnFreePorts(Path.of(arguments[0]));
            System.out.println("running");
            throw servers.awaitFailure();
        }
    }
}
