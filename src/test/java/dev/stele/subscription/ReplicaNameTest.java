package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaNameTest {

    @Test
    void a_name_that_is_given_can_be_recognised_and_is_unique() {
        String first = ReplicaName.unique(Optional.of("east-1"));
        String second = ReplicaName.unique(Optional.of("east-1"));

        assertTrue(first.matches("east-1/[0-9a-f]{8}"), first);
        assertTrue(second.matches("east-1/[0-9a-f]{8}"), second);
        assertNotEquals(first, second);
    }

    @Test
    void without_one_it_is_the_hosts() {
        String name = ReplicaName.unique(Optional.empty());

        assertTrue(name.matches("[^/\\s]+/[0-9a-f]{8}"), name);
        String host = System.getenv("HOSTNAME");
        assertTrue(host == null || host.isBlank() || name.startsWith(host + "/"), name);
    }
}
