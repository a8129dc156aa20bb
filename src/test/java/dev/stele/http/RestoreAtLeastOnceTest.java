package dev.stele.http;

import dev.stele.testing.OwnLog;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

/** The same, where records are sent without transactions. */
@QuarkusTest
@QuarkusTestResource(value = OwnLog.class, restrictToAnnotatedClass = true)
@TestProfile(RestoreAtLeastOnceTest.AtLeastOnce.class)
class RestoreAtLeastOnceTest extends RestoreTest {

    public static class AtLeastOnce implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("stele.publication.delivery", "at-least-once");
        }
    }
}
