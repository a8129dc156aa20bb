package dev.stele.crash;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection of HTTP/1.1 that is used again and again, without a client between that repeats
 * requests, or hides how a connection ended.
 */
final class KeptConnection implements AutoCloseable {

    /** Longer than the service itself waits for anything. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final Pattern LENGTH = Pattern.compile("(?m)^content-length: *(\\d+)");
    private static final int HEX = 16;

    private final Socket socket;
    private final InputStream received;

    private KeptConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.received = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * An answer.
     *
     * @param head in lower case
     */
    record Answer(int status, String head, String body) {

        boolean isLast() {
            return head.contains("\nconnection: close");
        }

        boolean says(String header) {
            return head.contains("\n" + header.toLowerCase(Locale.ROOT));
        }
    }

    static KeptConnection to(URI service) throws IOException {
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new KeptConnection(socket);
    }

    /** Appends an event of this id. */
    Answer append(String stream, UUID id) throws IOException {
        String event =
                "{\"id\":\"%s\",\"type\":\"Written\",\"data\":{\"number\":1,\"pad\":\"\"}}"
                        .formatted(id);
        send(post(stream, "application/json", "Content-Length: " + event.length()) + event);
        return answer();
    }

    /** The head of an append. */
    static String post(String stream, String type, String length) {
        return """
        POST /v1/streams/%s/events HTTP/1.1\r
        Host: localhost\r
        Content-Type: %s\r
        %s\r
        \r
        """
                .formatted(stream, type, length);
    }

    Answer get(String path, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        send(request + "\r\n");
        return answer();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next answer, whole. */
    Answer answer() throws IOException {
        String head = head();
        Matcher length = LENGTH.matcher(head);
        String body =
                head.contains("\ntransfer-encoding: chunked")
                        ? chunks()
                        : text(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return new Answer(Integer.parseInt(head.split(" ", 3)[1]), head, body);
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String chunk = chunk();
            if (chunk.isEmpty()) {
                return body.toString();
            }
            body.append(chunk);
        }
    }

    /** The head of an answer. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        return head.toString();
    }

    /** The next chunk of an answer; empty at its end. */
    String chunk() throws IOException {
        String chunk = text(Integer.parseInt(line(), HEX));
        line();
        return chunk;
    }

    private String text(int length) throws IOException {
        byte[] bytes = received.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed in the middle of an answer");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = received.read(); next != '\n'; next = received.read()) {
            if (next < 0) {
                throw new EOFException("closed before the answer");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads until the other side has closed, as it does in order; fails when it was a reset. */
    String rest() throws IOException {
        return new String(received.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
