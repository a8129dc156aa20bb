package dev.stele.http;

import static dev.stele.testing.Api.get;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LostConnectionTest {

    @Test
    void a_read_whose_connection_breaks_is_asked_to_come_again() throws SQLException {
        try (Connection other = DriverManager.getConnection(TestServers.postgres().jdbcUrl())) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table stele.log");
            CompletableFuture<Response> read = CompletableFuture.supplyAsync(() -> get("/v1/log"));
            await().until(() -> somebodyWaits(other));

            TestServers.postgres().stopImmediate();

            read.join()
                    .then()
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .body("type", equalTo("/problems/overloaded"));
        } finally {
            TestServers.postgres().startAgain();
        }
    }

    private static boolean somebodyWaits(Connection holder) throws SQLException {
        try (var statement = holder.createStatement();
                var found =
                        statement.executeQuery(
                                "select from pg_locks where relation = 'stele.log'::regclass and"
                                        + " not granted")) {
            return found.next();
        }
    }
}
