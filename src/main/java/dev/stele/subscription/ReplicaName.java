package dev.stele.subscription;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;

/** What replicas are called among those that share the subscriptions. */
final class ReplicaName {

    /** Names of hosts are no longer; it keeps lines of logs and of answers short. */
    private static final int MOST_CHARS = 253;

    private static final int UNIQUE_CHARS = 8;

    private ReplicaName() {}

    /**
     * A name that people know, and behind it what makes it another one for each start: who comes
     * back under the same name is not who had the leases.
     */
    static String unique(Optional<String> configured) {
        String name = configured.orElseGet(ReplicaName::host);
        return name.substring(0, Math.min(name.length(), MOST_CHARS))
                + "/"
                + UUID.randomUUID().toString().substring(0, UNIQUE_CHARS);
    }

    /** In a container, the variable is what people know: the pod's name. */
    private static String host() {
        String variable = System.getenv("HOSTNAME");
        if (variable != null && !variable.isBlank()) {
            return variable;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }
}
