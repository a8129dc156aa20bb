package dev.stele.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.servers.Ports;
import dev.stele.servers.PostgresServer;
import dev.stele.testing.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All hostile requests, again and again, against a process with little memory. */
class HostileProcessIT {

    private static final int ROUNDS_TO_WARM_UP = 2;
    private static final int ROUNDS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern TROUBLE =
            Pattern.compile("\\tat |Exception|Error|Caused by| ERROR ");

    /** Hardly more than the service needs; all of it taken at the start. */
    private static final String HEAP = "-Xmx96m";

    private static final String JVM = HEAP + " -Xms96m -XX:+AlwaysPreTouch -XX:+UseSerialGC";

    private static final long MIB = 1 << 20;

    @Test
    void a_small_process_survives_them_all_says_nothing_and_does_not_grow(@TempDir Path folder)
            throws IOException, InterruptedException {
        boolean jar = Service.isJar();
        String[] arguments = jar ? new String[0] : new String[] {HEAP};
        try (PostgresServer postgres = PostgresServer.start(folder, 0);
                Service service = Service.start(settings(postgres), Ports.free(), arguments)) {
            await().atMost(PATIENCE).until(() -> service.readiness().startsWith("200"));
            send(ROUNDS_TO_WARM_UP, service);
            long memory = residentBytes(service);
            long live = jar ? liveBytes(service) : 0;
            long files = openFiles(service);

            send(ROUNDS, service);

            assertTrue(service.append("hostile-last", "{\"type\":\"A\"}").startsWith("201"));
            assertEquals(
                    List.of(),
                    service.lines().stream().filter(line -> TROUBLE.matcher(line).find()).toList());
            await().atMost(PATIENCE).until(() -> openFiles(service) <= files + 10);
            assertAtMost(memory + 64 * MIB, residentBytes(service));
            if (jar) {
                // Connections that were refused linger for a moment.
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertAtMost(live + 4 * MIB, liveBytes(service)));
            }
        }
    }

    private static void send(int rounds, Service service) throws IOException {
        List<HostileRequest> requests = HostileRequest.all();
        for (int round = 0; round < rounds; round++) {
            for (HostileRequest request : requests) {
                List<Wire.Answer> answers = Wire.exchange(service.port(), request);

                assertEquals(
                        request.statuses(),
                        answers.stream().map(Wire.Answer::status).toList(),
                        request.what());
            }
        }
    }

    private static Map<String, String> settings(PostgresServer postgres) {
        Map<String, String> settings =
                new HashMap<>(Service.settings(postgres.reactiveUrl(), "127.0.0.1:1"));
        // A busy machine is none of the troubles that are looked for.
        settings.put("QUARKUS_VERTX_MAX_EVENT_LOOP_EXECUTE_TIME", "30s");
        // Who is refused in the middle of a body, and waits for the end, would wait long.
        settings.put("STELE_HTTP_BULK_LINGER", "500ms");
        settings.put("JAVA_TOOL_OPTIONS", JVM);
        return settings;
    }

    /** What the process takes of the machine's memory. */
    private static long residentBytes(Service service) throws IOException {
        return number(Files.readString(proc(service, "status")), "VmRSS:\\s+(\\d+) kB") * 1024;
    }

    /** What is left of the heap after a collection. */
    private static long liveBytes(Service service) throws IOException, InterruptedException {
        jcmd(service, "GC.run");
        return number(jcmd(service, "GC.heap_info"), "total \\d+K, used (\\d+)K") * 1024;
    }

    private static long openFiles(Service service) throws IOException {
        try (Stream<Path> files = Files.list(proc(service, "fd"))) {
            return files.count();
        }
    }

    private static Path proc(Service service, String name) {
        return Path.of("/proc", Long.toString(service.pid()), name);
    }

    private static String jcmd(Service service, String command)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                                Long.toString(service.pid()),
                                command)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** The sum of all numbers that the pattern finds. */
    private static long number(String text, String pattern) {
        List<Long> found =
                Pattern.compile(pattern)
                        .matcher(text)
                        .results()
                        .map(match -> Long.valueOf(match.group(1)))
                        .toList();
        assertTrue(!found.isEmpty(), text);
        return found.stream().mapToLong(Long::longValue).sum();
    }

    private static void assertAtMost(long most, long actual) {
        assertTrue(actual <= most, "%,d bytes, and at most %,d".formatted(actual, most));
    }
}
