package dev.stele.crash;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Random;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The race of {@link ExactViewsIT}, shortly and at one replica. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ExactViewsTest {

    private static final int ROUNDS = Integer.getInteger("rounds", 6);

    @Test
    void every_view_is_its_fold_whatever_is_defined_changed_and_deleted_beside_it() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        URI address = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Replicas replica = new Replicas(http, List.of(address), Trial.LONG_TIMEOUT);
            new ViewRace(List.of(replica), new Random(seed)).run(ROUNDS);
        }
    }
}
