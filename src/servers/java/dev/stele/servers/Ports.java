package dev.stele.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/** Chooses the ports that servers listen on. */
public final class Ports {

    /** Ask for any free port. */
    static final int ANY = 0;

    /**
     * Free ports are taken from below the range that the kernel hands to outgoing connections. From
     * within it, a client that keeps trying to reach a stopped server can be given the very port it
     * is calling, connect to itself, and so keep the server from ever coming back.
     */
    private static final int LOWEST = 15_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 5;

    private Ports() {}

    /**
     * Starts a server on the preferred port, or on a free one when that is taken. Between the look
     * and the start somebody else may take the port: the server then says so, and the next is
     * tried.
     */
    static <T> T startOnFreePort(int preferred, IntFunction<T> start) {
        int port = preferred != ANY && isFree(preferred) ? preferred : free();
        for (int attempt = 1; ; attempt++) {
            try {
                return start.apply(port);
            } catch (ServerFailedException e) {
                if (attempt == ATTEMPTS || !e.saysPortTaken()) {
                    throw e;
                }
                port = free();
            }
        }
    }

    /** A port that nobody listens on, on this machine only. */
    public static int free() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new ServerFailedException(
                "Found no free port between %d and %d on 127.0.0.1.".formatted(LOWEST, HIGHEST));
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
