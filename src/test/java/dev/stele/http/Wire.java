package dev.stele.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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

    private static final Pattern CHUNKED = Pattern.compile("(?i)transfer-encoding: *chunked");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final Socket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private Wire(Socket socket) {
        this.socket = socket;
    }

    /** One answer, its head and its body. */
    record Answer(int status, String head, String body) {}

    static Wire to(int port) throws IOException {
        return over(new Socket("localhost", port));
    }

    /** Over a connection that was made otherwise, e.g. one that is encrypted. */
    static Wire over(Socket socket) throws IOException {
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
        try {
            socket.getInputStream().transferTo(received);
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException _) {
            // The other side closed it while bytes were on their way there: what came, came.
        }
        return parsed(received());
    }

    /** Reads on until a text has come. */
    void await(String text) throws IOException {
        while (!received().contains(text)) {
            byte[] bytes = new byte[8 * 1024];
            int count = socket.getInputStream().read(bytes);
            if (count < 0) {
                throw new EOFException("closed before '%s': %s".formatted(text, received()));
            }
            received.write(bytes, 0, count);
        }
    }

    /** Reads on until so many answers have come whole, beside provisional ones, or no more come. */
    void awaitAnswers(int count) throws IOException {
        byte[] bytes = new byte[8 * 1024];
        while (whole() < count) {
            int length = socket.getInputStream().read(bytes);
            if (length < 0) {
                return;
            }
            received.write(bytes, 0, length);
        }
    }

    /** How many answers with a length have come whole. */
    private int whole() {
        String text = received();
        int count = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf("\r\n\r\n", at) + 4;
            if (end < 4) {
                return count;
            }
            Matcher length = LENGTH.matcher(text.substring(at, end));
            boolean provisional = text.startsWith("HTTP/1.1 1", at);
            at = end + (length.find() ? Integer.parseInt(length.group(1)) : 0);
            if (at <= text.length() && !provisional) {
                count++;
            }
        }
        return count;
    }

    /** Says that nothing more is sent. */
    void sendNoMore() throws IOException {
        if (!socket.isClosed()) {
            socket.shutdownOutput();
        }
    }

    private String received() {
        return received.toString(StandardCharsets.ISO_8859_1);
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
            StringBuilder body = new StringBuilder();
            rest =
                    CHUNKED.matcher(head).find()
                            ? chunks(rest.substring(end), body)
                            : whole(head, rest.substring(end), body);
            answers.add(
                    new Answer(
                            Integer.parseInt(head.split(" ", 3)[1]),
                            head,
                            new String(
                                    body.toString().getBytes(StandardCharsets.ISO_8859_1),
                                    StandardCharsets.UTF_8)));
        }
        return answers;
    }

    /** Takes a body whose length is in the head, and returns what follows. */
    private static String whole(String head, String text, StringBuilder body) {
        Matcher length = LENGTH.matcher(head);
        int end = length.find() ? Math.min(text.length(), Integer.parseInt(length.group(1))) : 0;
        body.append(text, 0, end);
        return text.substring(end);
    }

    /** Takes a body in chunks, as far as it is there, and returns what follows. */
    private static String chunks(String text, StringBuilder body) {
        String rest = text;
        while (!rest.isEmpty()) {
            int begin = rest.indexOf("\r\n") + 2;
            int length = Integer.parseInt(rest.substring(0, begin - 2), 16);
            body.append(rest, begin, begin + length);
            rest = rest.substring(begin + length + 2);
            if (length == 0) {
                break;
            }
        }
        return rest;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
