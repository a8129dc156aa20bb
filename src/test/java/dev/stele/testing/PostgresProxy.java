package dev.stele.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network between the service and PostgreSQL, and what it does to connections: it forgets them,
 * cuts them, holds them up, slows them down, or leads new ones to another server.
 *
 * <p>What it does concerns every connection, also of clients that are none of the test's. Bytes
 * that it passes keep their order. It knows nothing of the protocol, so that it may also stand
 * before a pooler.
 */
public final class PostgresProxy implements AutoCloseable {

    /** What becomes of a connection that is made. */
    private enum Fate {
        PASSED,
        FORGOTTEN,
        REFUSED
    }

    private static final int BUFFER_SIZE = 16_384;
    private static final int BACKLOG = 256;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI original;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ReentrantLock gate = new ReentrantLock();
    private final Condition opened = gate.newCondition();
    private boolean held;
    private volatile InetSocketAddress target;
    private volatile Fate fate = Fate.PASSED;
    private volatile Duration delay = Duration.ZERO;

    private PostgresProxy(URI original, ServerSocket listener) {
        this.original = original;
        this.listener = listener;
        this.target = onThisMachine(original.getPort());
    }

    /** Listens on a port of its own, for the server of this machine at that address. */
    public static PostgresProxy before(String reactiveUrl) {
        return before(reactiveUrl, 0);
    }

    /** The same on a port that clients know already. */
    public static PostgresProxy before(String reactiveUrl, int ownPort) {
        try {
            ServerSocket listener =
                    new ServerSocket(ownPort, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
            PostgresProxy proxy = new PostgresProxy(URI.create(reactiveUrl), listener);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's address through the proxy. */
    public String reactiveUrl() {
        return "%s://127.0.0.1:%d%s"
                .formatted(original.getScheme(), listener.getLocalPort(), original.getPath());
    }

    /** The same for JDBC. */
    public String jdbcUrl(String user) {
        return "jdbc:%s?user=%s".formatted(reactiveUrl(), user);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections were made so far. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections the clients have open, passed or not. */
    public int open() {
        return (int) links.stream().filter(Link::isOpen).count();
    }

    /**
     * Forgets the connections that are open: nothing passes any more, neither way, and nobody hears
     * of it. Those that are made later work.
     */
    public void forget() {
        links.forEach(Link::forget);
    }

    /** Loses the answers that are still to come on the open connections; requests pass. */
    public void loseAnswers() {
        links.forEach(Link::loseAnswers);
    }

    /** Nothing passes on any connection, nor on those that are made from now on. */
    public void fallSilent() {
        fate = Fate.FORGOTTEN;
        forget();
    }

    /** Cuts the open connections at both ends (RST). Those that are made later work. */
    public void cut() {
        links.forEach(Link::cut);
    }

    /** Cuts the open connections, and each that is made from now on. */
    public void refuse() {
        fate = Fate.REFUSED;
        cut();
    }

    /** Passes what comes, from now on, at once; what was held passes too. */
    public void pass() {
        fate = Fate.PASSED;
        delay = Duration.ZERO;
        gate.lock();
        try {
            held = false;
            opened.signalAll();
        } finally {
            gate.unlock();
        }
    }

    /** Holds up what comes on every connection, and keeps it, until it may pass. */
    public void hold() {
        gate.lock();
        try {
            held = true;
        } finally {
            gate.unlock();
        }
    }

    /** Passes everything so much later, each way. */
    public void delayBy(Duration each) {
        delay = each;
    }

    /** Leads the connections that are made from now on to another server of this machine. */
    public void redirectTo(int port) {
        target = onThisMachine(port);
    }

    private static InetSocketAddress onThisMachine(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pass();
        links.forEach(Link::cut);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> link(client));
            } catch (IOException _) {
                // Closed: the loop ends.
            }
        }
    }

    private void link(Socket client) {
        Socket server = new Socket();
        Link link = new Link(client, server, fate == Fate.FORGOTTEN);
        links.add(link);
        try {
            if (fate == Fate.REFUSED) {
                throw new IOException("refused");
            }
            server.connect(target, (int) CONNECT_TIMEOUT.toMillis());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(link::passAnswers);
            link.passRequests();
        } catch (IOException _) {
            link.cut();
        }
    }

    private void awaitPassage() {
        LockSupport.parkNanos(delay.toNanos());
        gate.lock();
        try {
            while (held) {
                opened.awaitUninterruptibly();
            }
        } finally {
            gate.unlock();
        }
    }

    /** One connection: two sockets, and what passes between them. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean requestsLost;
        private volatile boolean answersLost;

        Link(Socket client, Socket server, boolean forgotten) {
            this.client = client;
            this.server = server;
            this.requestsLost = forgotten;
            this.answersLost = forgotten;
        }

        boolean isOpen() {
            return !client.isClosed();
        }

        void forget() {
            requestsLost = true;
            answersLost = true;
        }

        void loseAnswers() {
            answersLost = true;
        }

        void passRequests() {
            try {
                pass(client.getInputStream(), server.getOutputStream(), true);
                client.close();
                if (!requestsLost) {
                    close();
                }
            } catch (IOException _) {
                ended(client, requestsLost);
            }
        }

        void passAnswers() {
            try {
                pass(server.getInputStream(), client.getOutputStream(), false);
                server.close();
                if (!answersLost) {
                    close();
                }
            } catch (IOException _) {
                ended(server, answersLost);
            }
        }

        private void pass(InputStream from, OutputStream to, boolean requests) throws IOException {
            byte[] buffer = new byte[BUFFER_SIZE];
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                awaitPassage();
                if (!(requests ? requestsLost : answersLost)) {
                    to.write(buffer, 0, length);
                    to.flush();
                }
            }
        }

        /** A break at one end is one at the other, unless the network has forgotten both. */
        private void ended(Socket broken, boolean lost) {
            if (lost) {
                closeQuietly(broken);
            } else {
                cut();
            }
        }

        private void close() {
            closeQuietly(client);
            closeQuietly(server);
            links.remove(this);
        }

        void cut() {
            reset(client);
            reset(server);
            links.remove(this);
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException _) {
                // Closed already.
            }
            closeQuietly(socket);
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException _) {
                // It is of no use any more, either way.
            }
        }
    }
}
