package dev.stele.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection on which bytes go out as they are, and all that comes back is read. */
final class Wire implements AutoCloseable {

    /** Long enough for any answer; whoever gets none by then hangs. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    /** One answer, its head and its body. */
    record Answer(int status, String head, String body) {}

    static Wire to(int port) throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Wire(socket);
    }

    /** Sends a request, and reads what comes until the other side closes the connection. */
    static List<Answer> exchange(int port, HostileRequest request) throws IOException {
        try (Wire wire = to(port)) {
            wire.send(request.bytes());
            if (request.statuses().isEmpty()) {
                wire.socket.shutdownOutput();
            }
            return wire.answers();
        }
    }

    /** Sends as much as the other side takes: it may answer and close before it has all. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException _) {
            // What it said before is read all the same.
        }
    }

    /** All answers, up to the end of the connection. */
    List<Answer> answers() throws SocketTimeoutException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException _) {
            // The other side closed it while bytes were on their way there: what came, came.
        }
        return parsed(bytes.toString(StandardCharsets.ISO_8859_1));
    }

    /** Whether the other side still keeps the connection, and has said nothing. */
    boolean isWaiting() throws IOException {
        socket.setSoTimeout(1);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    private static List<Answer> parsed(String text) {
        List<Answer> answers = new ArrayList<>();
        String rest = text;
        while (rest.startsWith("HTTP/")) {
            int end = rest.indexOf("\r\n\r\n") + 4;
            String head = rest.substring(0, end);
            Matcher length = LENGTH.matcher(head);
            int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            int next = Math.min(rest.length(), end + body);
            answers.add(
                    new Answer(
                            Integer.parseInt(head.split(" ", 3)[1]),
                            head,
                            new String(
                                    rest.substring(end, next).getBytes(StandardCharsets.ISO_8859_1),
                                    StandardCharsets.UTF_8)));
            rest = rest.substring(next);
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
