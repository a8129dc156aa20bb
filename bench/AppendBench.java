import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Load on the append: one thread, a number of connections, on each of them one request in flight.
 *
 * <p>It shares the machine with what it measures, so it is written to cost little: requests are
 * copied together from bytes made beforehand, and of an answer only the status and the length are
 * read. By default a closed loop: a connection sends its next request when it has the answer to the
 * last one. With {@code --rate} an open one: requests are due at fixed times, wait for a free
 * connection, and their latency counts from when they were due.
 */
public final class AppendBench {

    private static final String HELP =
            """
            --url=http://localhost:8080   the service
            --folder=bench                where payload.json and metadata.json lie
            --connections=8               each has one request in flight
            --warmup=2 --seconds=8        of the load before the measured window, and of the window
            --batch=1                     events in an append; more than 1: a new stream for each append
            --stream=10                   events in a stream, with batch 1; each expects its version
            --hot                         all append to one stream, and expect nothing
            --condition=none              seat: nobody has the tag seat:<new>; tenant: nor beside the tag tenant:1, which
                                          all have; both in the whole log, each append to a new stream
            --rate=0                      requests per second of an open loop; 0: a closed loop
            --cpu=NAME:PID,...            processes whose CPU, with their children's, is shown
            --name=stele --rep=1          said again in the result
            """;

    /** More than that, and the run says nothing. */
    private static final int TOO_MANY_ERRORS = 1_000;

    private static final long LAST_ANSWERS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Options options;
    private final Requests requests;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final Latencies latencies = new Latencies();
    private long windowStart;
    private long windowEnd;
    private boolean sending = true;
    private long due;
    private int errors;

    private AppendBench(Options options) throws IOException {
        this.options = options;
        this.requests = new Requests(options);
    }

    /** Prints one line of JSON; ends with 1 when there was an error. */
    public static void main(String... arguments) throws Exception {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        System.exit(new AppendBench(Options.of(arguments)).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        for (int i = 0; i < options.connections; i++) {
            connections.add(new Connection());
        }
        long start = System.nanoTime();
        windowStart = start + nanos(options.warmup);
        windowEnd = windowStart + nanos(options.seconds);
        due = start;
        Meter meter = new Meter(options.processes);
        Thread metering = Thread.ofPlatform().daemon().start(() -> meter.run(this));
        if (options.rate == 0) {
            connections.forEach(connection -> connection.send(System.nanoTime()));
            loopUntil(windowEnd);
        } else {
            idle.addAll(connections);
            Thread.ofPlatform().daemon().start(this::wakeWhenDue);
            loopUntil(windowEnd);
        }
        sending = false;
        long patience = System.nanoTime() + LAST_ANSWERS_NANOS;
        while (outstanding() && System.nanoTime() < patience && errors < TOO_MANY_ERRORS) {
            round();
        }
        metering.join();
        int unanswered = (int) connections.stream().filter(connection -> connection.busy).count();
        System.out.println(result(meter, unanswered));
        return errors + unanswered == 0;
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private void loopUntil(long end) throws IOException {
        while (System.nanoTime() < end && errors < TOO_MANY_ERRORS) {
            round();
        }
    }

    private void round() throws IOException {
        selector.select(key -> ((Connection) key.attachment()).receive(), 10);
        if (options.rate > 0) {
            sendDue();
        }
    }

    private boolean outstanding() {
        boolean unsent = options.rate > 0 && due < windowEnd;
        return unsent || connections.stream().anyMatch(connection -> connection.busy);
    }

    // --- The open loop

    private void sendDue() {
        long now = Math.min(System.nanoTime(), windowEnd - 1);
        while (due <= now && !idle.isEmpty()) {
            idle.remove().send(due);
            due += 1_000_000_000L / options.rate;
        }
    }

    /** The selector's own timeouts are whole milliseconds: too coarse for a schedule. */
    private void wakeWhenDue() {
        long period = 1_000_000_000L / options.rate;
        for (long next = due; next < windowEnd; next += period) {
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
                selector.wakeup();
            }
        }
    }

    // --- Results

    private void answered(long since, long now) {
        boolean measured =
                options.rate > 0
                        ? since >= windowStart && since < windowEnd
                        : since >= windowStart && now <= windowEnd;
        if (measured) {
            latencies.add(now - since);
        }
    }

    private void error(String what) {
        if (errors++ == 0) {
            System.err.println("The first error: " + what);
        }
    }

    private String result(Meter meter, int unanswered) {
        long[] sorted = latencies.sorted();
        double perSecond = sorted.length / options.seconds;
        Map<String, String> values = new LinkedHashMap<>();
        values.put("peer", '"' + options.name + '"');
        values.put("measure", '"' + options.measure() + '"');
        values.put("conc", Integer.toString(options.connections));
        values.put("rep", Integer.toString(options.rep));
        values.put("ops_s", decimal(perSecond, 1));
        values.put("events_s", decimal(perSecond * options.batch, 1));
        values.put("p50_ms", decimal(quantile(sorted, 0.50), 3));
        values.put("p99_ms", decimal(quantile(sorted, 0.99), 3));
        values.put("max_ms", decimal(quantile(sorted, 1), 3));
        meter.show(options.seconds).forEach((name, cores) -> values.put(name, decimal(cores, 2)));
        values.put(
                "client_us", decimal(meter.clientSeconds() * 1e6 / Math.max(1, sorted.length), 1));
        values.put("errors", Integer.toString(errors + unanswered));
        List<String> members = new ArrayList<>();
        values.forEach((name, value) -> members.add("\"" + name + "\":" + value));
        return "{" + String.join(",", members) + "}";
    }

    private static double quantile(long[] sorted, double share) {
        int index = Math.min(sorted.length - 1, (int) (sorted.length * share));
        return sorted.length == 0 ? -1 : sorted[index] / 1e6;
    }

    private static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A connection, the stream that it appends to, and its request in flight. */
    private final class Connection {

        private final ByteBuffer out = ByteBuffer.allocateDirect(requests.largest());
        private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
        private SocketChannel channel = connect();
        private byte[] stream = requests.newStream();
        private int version;
        private boolean busy;
        private long since;

        Connection() throws IOException {}

        private SocketChannel connect() throws IOException {
            SocketChannel opened = SocketChannel.open(requests.address());
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_READ, this);
            return opened;
        }

        void send(long from) {
            since = from;
            busy = true;
            requests.write(out.clear(), stream, version);
            out.flip();
            in.clear();
            try {
                // The socket's buffer takes it whole, but for batches of hundreds of kilobytes.
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            } catch (IOException e) {
                lost(e);
            }
        }

        void receive() {
            try {
                int read = channel.read(in);
                if (read < 0) {
                    lost(new IOException("the service closed the connection"));
                } else if (Answers.length(in) >= 0) {
                    answered(Answers.status(in));
                }
            } catch (IOException e) {
                lost(e);
            }
        }

        private void answered(int status) {
            long now = System.nanoTime();
            if (status == 201) {
                AppendBench.this.answered(since, now);
                version += options.batch;
                if (options.conditional() || (!options.hot && version >= options.stream)) {
                    startStream();
                }
            } else {
                error(Answers.text(in));
                startStream();
            }
            free(now);
        }

        private void startStream() {
            stream = requests.newStream();
            version = 0;
        }

        private void free(long now) {
            busy = false;
            if (options.rate > 0) {
                idle.add(this);
            } else if (sending && errors < TOO_MANY_ERRORS) {
                send(now);
            }
        }

        private void lost(IOException e) {
            error(e.toString());
            startStream();
            try {
                channel.close();
                if (errors < TOO_MANY_ERRORS) {
                    channel = connect();
                    free(System.nanoTime());
                }
            } catch (IOException again) {
                error(again.toString());
                errors += TOO_MANY_ERRORS;
            }
        }
    }

    /** Requests, copied together from parts that are made once. */
    private static final class Requests {

        private static final byte[] NEW = ascii("If-None-Match: *\r\n");

        private final URI url;
        private final boolean hot;
        private final byte[] hotStream = ascii("bench-" + UUID.randomUUID());
        private final boolean conditional;
        private final byte[] method = ascii("POST /v1/streams/");
        private final byte[] headers;
        private final byte[][] at;
        private final byte[] body;

        /** What stands between the places of the stream's name, where that is in the body. */
        private final byte[][] parts;

        Requests(Options options) throws IOException {
            url = URI.create(options.url);
            hot = options.hot;
            conditional = options.conditional();
            String data = Files.readString(Path.of(options.folder, "payload.json")).strip();
            String metadata = Files.readString(Path.of(options.folder, "metadata.json")).strip();
            String event =
                    "{\"type\":\"RoomBooked\",\"data\":" + data + ",\"metadata\":" + metadata + "}";
            String events = String.join(",", Collections.nCopies(options.batch, event));
            byte[] content = ascii(options.batch == 1 ? events : "[" + events + "]");
            headers =
                    ascii(
                            "/events HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                                    .formatted(url.getAuthority()));
            at = new byte[options.stream + 1][];
            for (int version = 1; version < at.length; version++) {
                at[version] = ascii("If-Match: \"" + version + "\"\r\n");
            }
            at[0] = NEW;
            body = concat(ascii("Content-Length: " + content.length + "\r\n\r\n"), content);
            parts =
                    conditional
                            ? conditionalParts(options.condition, data, metadata)
                            : new byte[0][];
        }

        /** The seat is named as the stream, which is new with every append. */
        private byte[][] conditionalParts(String condition, String data, String metadata) {
            String mark = "\u0000";
            String event =
                    "{\"type\":\"RoomBooked\",\"tags\":[\"seat:%s\",\"tenant:1\"],\"data\":%s,\"metadata\":%s}"
                            .formatted(mark, data, metadata);
            String tags =
                    "\"seat:" + mark + "\"" + (condition.equals("tenant") ? ",\"tenant:1\"" : "");
            String text =
                    "{\"appends\":[{\"stream\":\"%s\",\"events\":[%s]}],\"failIf\":{\"events\":[{\"tags\":[%s]}],\"after\":0}}"
                            .formatted(mark, event, tags);
            String[] between = text.split(mark);
            int length = text.length() + (between.length - 1) * (newStream().length - 1);
            byte[][] all = new byte[between.length][];
            for (int i = 1; i < all.length; i++) {
                all[i] = ascii(between[i]);
            }
            all[0] =
                    ascii(
                            "POST /v1/append HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(url.getAuthority(), length, between[0]));
            return all;
        }

        InetSocketAddress address() {
            return new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
        }

        int largest() {
            return body.length + 1024;
        }

        byte[] newStream() {
            return hot ? hotStream : ascii("bench-" + UUID.randomUUID());
        }

        void write(ByteBuffer out, byte[] stream, int version) {
            if (conditional) {
                out.put(parts[0]);
                for (int i = 1; i < parts.length; i++) {
                    out.put(stream).put(parts[i]);
                }
                return;
            }
            out.put(method).put(stream).put(headers);
            if (!hot) {
                out.put(at[version]);
            }
            out.put(body);
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] concat(byte[] first, byte[] second) {
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }
    }

    /** As much of HTTP/1.1 as the answers to appends need. */
    private static final class Answers {

        private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

        private Answers() {}

        static int status(ByteBuffer in) {
            return (in.get(9) - '0') * 100 + (in.get(10) - '0') * 10 + in.get(11) - '0';
        }

        /** The length of the answer when all of it is there, else -1. */
        static int length(ByteBuffer in) throws IOException {
            int body = -1;
            int end = in.position();
            for (int i = 12; i < end - 1; i++) {
                if (in.get(i) != '\n') {
                    continue;
                }
                if (in.get(i + 1) == '\r') {
                    if (i + 2 >= end) {
                        return -1;
                    }
                    if (body < 0) {
                        throw new IOException("an answer without a length: " + text(in));
                    }
                    int length = i + 3 + body;
                    return length <= end ? length : -1;
                }
                if (body < 0 && startsWithLength(in, i + 1, end)) {
                    body = number(in, i + 1 + LENGTH.length, end);
                }
            }
            return -1;
        }

        private static boolean startsWithLength(ByteBuffer in, int from, int end) {
            if (end - from < LENGTH.length) {
                return false;
            }
            for (int i = 0; i < LENGTH.length; i++) {
                // The bit of lower case; '-' and ':' have it as well.
                if ((in.get(from + i) | 0x20) != LENGTH[i]) {
                    return false;
                }
            }
            return true;
        }

        /** The number in the line, or -1 while its end is not there. */
        private static int number(ByteBuffer in, int from, int end) {
            int number = 0;
            for (int i = from; i < end; i++) {
                byte digit = in.get(i);
                if (digit == '\r') {
                    return number;
                }
                number = digit == ' ' ? number : number * 10 + digit - '0';
            }
            return -1;
        }

        static String text(ByteBuffer in) {
            byte[] bytes = new byte[in.position()];
            in.get(0, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static final class Latencies {

        private long[] nanos = new long[1 << 20];
        private int count;

        void add(long latency) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = latency;
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }

    /**
     * CPU in the window: of this program, of processes with their children, and of everybody else.
     * It runs in a thread of its own, since walking through /proc takes milliseconds.
     */
    private static final class Meter {

        private static final double TICKS_PER_SECOND = 100;
        private static final String CLIENT = "client";
        private static final String BUSY = "busy";
        private static final String NICED = "niced";

        private final Map<String, Long> processes;
        private final Map<String, Double> used = new LinkedHashMap<>();

        Meter(Map<String, Long> processes) {
            this.processes = processes;
        }

        void run(AppendBench bench) {
            sleepUntil(bench.windowStart);
            Map<String, Double> before = seconds();
            sleepUntil(bench.windowEnd);
            seconds()
                    .forEach(
                            (name, after) ->
                                    used.put(name, after - before.getOrDefault(name, 0.0)));
        }

        double clientSeconds() {
            return used.getOrDefault(CLIENT, 0.0);
        }

        /** Cores, by the names that they have in the result. */
        Map<String, Double> show(double seconds) {
            Map<String, Double> cores = new LinkedHashMap<>();
            double mine = clientSeconds();
            for (String process : processes.keySet()) {
                mine += used.getOrDefault(process, 0.0);
                cores.put("cpu_" + process, used.getOrDefault(process, 0.0) / seconds);
            }
            cores.put("cpu_client", clientSeconds() / seconds);
            if (!processes.isEmpty()) {
                cores.put("cpu_mine", mine / seconds);
                cores.put("foreign", (used.getOrDefault(BUSY, 0.0) - mine) / seconds);
            }
            cores.put("niced", used.getOrDefault(NICED, 0.0) / seconds);
            return cores;
        }

        private static void sleepUntil(long nanoTime) {
            for (long wait; (wait = nanoTime - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(wait);
            }
        }

        private Map<String, Double> seconds() {
            Map<String, Double> seconds = new HashMap<>();
            try {
                String[] all = Files.readString(Path.of("/proc/stat")).split("\n")[0].split(" +");
                // user, system, irq, softirq, steal; nice apart, idle and iowait not at all.
                seconds.put(BUSY, ticks(all, 1, 3, 6, 7, 8));
                seconds.put(NICED, ticks(all, 2));
                seconds.put(CLIENT, tree(ProcessHandle.current().pid()));
                for (var process : processes.entrySet()) {
                    seconds.put(process.getKey(), tree(process.getValue()));
                }
            } catch (IOException e) {
                System.err.println("CPU is not measured: " + e);
            }
            return seconds;
        }

        /**
         * Of a process and its descendants; what those used that ended is in their parents' sums.
         */
        private static double tree(long root) throws IOException {
            Map<Long, List<Long>> children = new HashMap<>();
            Map<Long, Double> seconds = new HashMap<>();
            try (DirectoryStream<Path> folders =
                    Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path folder : folders) {
                    String stat = statOf(folder);
                    // The name, in parentheses, may contain anything; the state is the first after
                    // it.
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ");
                    if (fields.length > 15) {
                        long pid = Long.parseLong(folder.getFileName().toString());
                        children.computeIfAbsent(Long.valueOf(fields[2]), _ -> new ArrayList<>())
                                .add(pid);
                        seconds.put(pid, ticks(fields, 12, 13, 14, 15));
                    }
                }
            }
            double sum = 0;
            ArrayDeque<Long> open = new ArrayDeque<>(List.of(root));
            while (!open.isEmpty()) {
                long pid = open.remove();
                sum += seconds.getOrDefault(pid, 0.0);
                open.addAll(children.getOrDefault(pid, List.of()));
            }
            return sum;
        }

        private static String statOf(Path folder) {
            try {
                return Files.readString(folder.resolve("stat"));
            } catch (IOException ended) {
                return "";
            }
        }

        private static double ticks(String[] fields, int... which) {
            long sum = 0;
            for (int field : which) {
                sum += Long.parseLong(fields[field].strip());
            }
            return sum / TICKS_PER_SECOND;
        }
    }

    /** The arguments: see {@link #HELP}. */
    private record Options(
            String url,
            String folder,
            int connections,
            double warmup,
            double seconds,
            int batch,
            int stream,
            boolean hot,
            String condition,
            int rate,
            Map<String, Long> processes,
            String name,
            int rep) {

        static Options of(String... arguments) {
            Map<String, String> given = new HashMap<>();
            for (String argument : arguments) {
                String[] parts = argument.split("=", 2);
                if (!HELP.contains(parts[0] + "=") && !parts[0].equals("--hot")) {
                    throw new IllegalArgumentException(argument + " is none of\n" + HELP);
                }
                given.put(parts[0], parts.length == 2 ? parts[1] : "true");
            }
            Map<String, Long> processes = new LinkedHashMap<>();
            for (String process : given.getOrDefault("--cpu", "").split(",")) {
                if (!process.isBlank()) {
                    String[] parts = process.split(":", 2);
                    processes.put(parts[0], Long.valueOf(parts[1]));
                }
            }
            int batch = Integer.parseInt(given.getOrDefault("--batch", "1"));
            int stream = Integer.parseInt(given.getOrDefault("--stream", "10"));
            return new Options(
                    given.getOrDefault("--url", "http://localhost:8080"),
                    given.getOrDefault("--folder", "bench"),
                    Integer.parseInt(given.getOrDefault("--connections", "8")),
                    Double.parseDouble(given.getOrDefault("--warmup", "2")),
                    Double.parseDouble(given.getOrDefault("--seconds", "8")),
                    batch,
                    batch == 1 ? stream : batch,
                    Boolean.parseBoolean(given.getOrDefault("--hot", "false")),
                    given.getOrDefault("--condition", "none"),
                    Integer.parseInt(given.getOrDefault("--rate", "0")),
                    processes,
                    given.getOrDefault("--name", "stele"),
                    Integer.parseInt(given.getOrDefault("--rep", "1")));
        }

        boolean conditional() {
            return !condition.equals("none");
        }

        String measure() {
            return "append"
                    + batch
                    + (hot ? "-hot" : "")
                    + (conditional() ? "-" + condition : "")
                    + (rate > 0 ? "@" + rate : "");
        }
    }
}
