package dev.stele.servers;

/** A server could not be started or stopped; the message is a sentence that a user can act on. */
public final class ServerFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ServerFailedException(String message) {
        super(message);
    }

    ServerFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the server says that somebody else took its port. */
    boolean saysPortTaken() {
        String message = getMessage();
        return message != null && message.contains("Address already in use");
    }
}
