package dev.stele.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * The program in the broker's JVM: one node that is broker and controller, up until it is asked to
 * stop by SIGTERM.
 */
final class KafkaBroker {

    /** Holds the process id once the broker answers. */
    static final String READY_FILE = "ready";

    private static final int NODE = 1;

    /** Of no meaning with one node, but the same for ever: it is written into the data. */
    private static final String CLUSTER = "c3RlbGUtZW1iZWRkZWQtMQ";

    private KafkaBroker() {}

    /** Arguments: the folder, the port, the port of the controller. */
    static void main(String... arguments) throws Exception {
        logWarnings();
        Path folder = Path.of(arguments[0]);
        Path data = folder.resolve("data");
        format(data);
        var config = new KafkaConfig(settings(data, arguments[1], arguments[2]), false);
        var server = new KafkaRaftServer(config, Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        server.startup();
        Files.writeString(folder.resolve(READY_FILE), Long.toString(ProcessHandle.current().pid()));
        server.awaitShutdown();
    }

    /** To the standard output, which is the log in the folder. */
    private static void logWarnings() {
        Handler console = new ConsoleHandler(new PatternFormatter("%d %-5p [%c{2.}] %s%e%n"));
        console.setLevel(Level.ALL);
        Logger root = LogContext.getLogContext().getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(console);
    }

    private static void format(Path data) throws Exception {
        if (!Files.exists(data.resolve("meta.properties"))) {
            Files.createDirectories(data);
            new Formatter()
                    .setPrintStream(System.out)
                    .setClusterId(CLUSTER)
                    .setNodeId(NODE)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        }
    }

    private static Map<String, String> settings(Path data, String port, String controllerPort) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("log.dirs", data.toString()),
                // A static quorum: a dynamic one keeps the controller's address in its data, and
                // could not be found again on another port.
                Map.entry("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:%s,CONTROLLER://127.0.0.1:%s"
                                .formatted(port, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                // A killed broker is refused when it comes back until its session is over.
                Map.entry("broker.session.timeout.ms", "2000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                // By default half of the heap.
                Map.entry("log.cleaner.dedupe.buffer.size", "8388608"));
    }
}
