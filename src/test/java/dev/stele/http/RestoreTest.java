package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stele.testing.Dump;
import dev.stele.testing.EventsTopic;
import dev.stele.testing.OwnLog;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log is put back to an earlier state, under the running service. */
@QuarkusTest
@QuarkusTestResource(value = OwnLog.class, restrictToAnnotatedClass = true)
class RestoreTest {

    private static final String EVENTS = "/v1/publications/events";
    private static final String ANSWERED = "Stele-Generation";

    private final String stream = freshStream("restored");
    private final String view = "v-" + stream.substring(stream.indexOf('-') + 1);
    private int generation;

    @BeforeEach
    void make_a_view_of_some_events() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/q/health/ready").statusCode() == 200);
        request()
                .contentType("application/json")
                .body(
                        "{\"source\":{\"categories\":[\"restored\"]},\"key\":\".stream\",\"initial\":0,\"on\":{\"*\":\".+1\"}}")
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
        appendAll("kept", 3);
        caughtUp();
        generation = get("/v1/log").jsonPath().getInt("generation");
    }

    /** The publication has noticed whatever happened once it is where only this event is. */
    @AfterEach
    void leave_nothing_behind() {
        request().delete("/v1/views/" + view).then().statusCode(204);
        appendAll("last", 1);
        stalled()
                .untilAsserted(
                        () -> {
                            if (state().equals("stalled")) {
                                goOn("\"fork\"");
                            }
                            isAtTheHead();
                        });
    }

    @Test
    void publications_stall_until_somebody_says_where_to_go_on() {
        OwnLog.remember();
        publicationsStallAfter(OwnLog::putBack);
    }

    @Test
    void a_dump_can_be_restored_under_the_running_service(@TempDir Path folder) {
        assumeTrue(Dump.isPossible(), "no pg_dump of the server's version is installed here");
        Dump dump = OwnLog.dump(folder);
        publicationsStallAfter(dump::restore);
    }

    private void publicationsStallAfter(Runnable putBack) {
        long fork = head();
        appendAll("lost", 4);
        caughtUp();

        putBack.run();

        await("notices").until(() -> generationNow() == generation + 1);
        stalled()
                .untilAsserted(
                        () ->
                                get(EVENTS)
                                        .then()
                                        .body("state", equalTo("stalled"))
                                        .body("lastError", containsString("restored"))
                                        .body(
                                                "lastError",
                                                containsString(
                                                        "positions %d to %d"
                                                                .formatted(fork + 1, fork + 4))));
        // Also when the log is further than before.
        appendAll("new", 6);
        strong().then().statusCode(200).body("value", is(9));
        get(EVENTS).then().body("state", equalTo("stalled"));
        assertEquals(generation + 1, generationNow());

        goOn("\"fork\"").then().statusCode(202);

        running();
        List<ConsumerRecord<String, byte[]>> published = published();
        List<String> values =
                published.stream()
                        .filter(each -> each.key().equals(stream))
                        .map(EventsTopic::text)
                        .toList();
        List<String> wanted = new ArrayList<>();
        wanted.addAll(data("kept", 3));
        wanted.addAll(data("lost", 4));
        wanted.addAll(data("new", 6));
        assertEquals(wanted, values);
        List<String> told =
                published.stream()
                        .filter(each -> type(each).equals("$restored"))
                        .map(EventsTopic::text)
                        .filter(text -> text.contains("\"from\":%d,".formatted(fork + 1)))
                        .toList();
        assertEquals(
                List.of(
                        "{\"publication\":\"events\",\"gone\":{\"from\":%d,\"to\":%d},\"generation\":{\"before\":%d,\"now\":%d},\"continuesAfter\":%d}"
                                .formatted(fork + 1, fork + 4, generation, generation + 1, fork)),
                told);
    }

    @Test
    void a_view_that_went_back_with_the_log_goes_on_from_there() {
        OwnLog.remember();
        appendAll("lost", 4);
        caughtUp();

        OwnLog.putBack();

        strong().then().statusCode(200).body("value", is(3));
        appendAll("new", 2);
        Response now = strong();
        now.then().statusCode(200).body("value", is(5));
        assertNull(now.header("Warning"));
        await().until(() -> generationNow() == generation + 1);
    }

    @Test
    void a_view_at_an_event_that_is_another_by_now_is_built_anew() {
        long fork = head();
        appendAll("lost", 4);
        caughtUp();

        OwnLog.loseEventsBehind(fork);
        appendAll("new", 4);

        await().untilAsserted(() -> strong().then().statusCode(200).body("value", is(7)));
        List<String> data = new ArrayList<>(data("kept", 3));
        data.addAll(data("new", 4));
        assertEquals(
                data.stream().map(each -> each.replace("\"", "")).toList(),
                get("/v1/streams/" + stream + "/events").jsonPath().getList("events.data"));
        get("/v1/views/" + view).then().body("viewVersion", is(2)).body("state", equalTo("live"));
        assertNull(entry().header("Warning"));
        assertEquals(generation + 1, generationNow());
    }

    @Test
    void a_view_of_what_is_gone_says_so_until_another_one_takes_its_name() {
        OwnLog.execute(
                """
                update stele.views set stale = true where name = '%s';
                update stele.subscriptions set last_generation = 7
                 where name = (select 'view/' || id from stele.views where name = '%s')
                """
                        .formatted(view, view));

        Response stale = entry();
        stale.then().statusCode(200).body("value", is(3)).header(ANSWERED, "7");
        assertEquals("199 - \"the log was restored\"", stale.header("Warning"));
        request()
                .header("Prefer", "wait=0")
                .get("/v1/views/%s/entries/%s?minPosition=1".formatted(view, stream))
                .then()
                .statusCode(503)
                .body("because", containsString("the log was restored"));
    }

    @Test
    void a_token_of_before_means_nothing_after() {
        OwnLog.remember();
        appendAll("lost", 1);
        caughtUp();
        OwnLog.putBack();
        await().until(() -> generationNow() == generation + 1);

        for (String path :
                List.of(
                        "/v1/log",
                        EVENTS,
                        "/v1/views/" + view,
                        "/v1/views/%s/entries/%s".formatted(view, stream))) {
            request()
                    .header("Stele-Min-Generation", generation)
                    .get(path)
                    .then()
                    .statusCode(410)
                    .header(ANSWERED, String.valueOf(generation + 1))
                    .body("type", equalTo("/problems/generation-gone"))
                    .body("generation", is(generation + 1));
        }
        append(stream, event("refused"), Map.of("Stele-Min-Generation", "" + generation))
                .then()
                .statusCode(410);
    }

    @Test
    void only_what_stands_still_after_a_restore_is_told_to_go_on() {
        goOn("\"fork\"").then().statusCode(409).body("type", equalTo("/problems/not-restored"));
        goOn("-1").then().statusCode(400).body("errors[0].pointer", equalTo("/from"));
        goOn("\"head\"").then().statusCode(400);
        request()
                .contentType("application/json")
                .body("{\"from\":\"fork\"}")
                .post("/v1/publications/no-such-one/continue")
                .then()
                .statusCode(404);
    }

    private static String state() {
        return get(EVENTS).jsonPath().getString("state");
    }

    private Response goOn(String from) {
        return request()
                .contentType("application/json")
                .body("{\"from\":" + from + "}")
                .post(EVENTS + "/continue");
    }

    private void appendAll(String what, int count) {
        for (int n = 0; n < count; n++) {
            append(stream, event(what + " " + n)).then().statusCode(201);
        }
    }

    private static String event(String data) {
        return "{\"type\":\"Happened\",\"data\":\"" + data + "\"}";
    }

    private static List<String> data(String what, int count) {
        List<String> data = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            data.add("\"" + what + " " + n + "\"");
        }
        return data;
    }

    private static long head() {
        return get("/v1/log").jsonPath().getLong("head");
    }

    private static int generationNow() {
        return get("/v1/log").jsonPath().getInt("generation");
    }

    private Response entry() {
        return get("/v1/views/%s/entries/%s".formatted(view, stream));
    }

    private Response strong() {
        return request()
                .header("Prefer", "wait=30")
                .get("/v1/views/%s/entries/%s?consistency=strong".formatted(view, stream));
    }

    /** The view and the publication have handled everything. */
    private void caughtUp() {
        strong().then().statusCode(200);
        running();
    }

    private static void running() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(RestoreTest::isAtTheHead);
    }

    private static void isAtTheHead() {
        get(EVENTS)
                .then()
                .body("state", equalTo("running"))
                .body("position", is((int) head()))
                .body("lagEvents", is(0));
    }

    private static ConditionFactory stalled() {
        return await().atMost(Duration.ofSeconds(30));
    }

    /** All that consumers of committed records see; nothing twice. */
    private static List<ConsumerRecord<String, byte[]>> published() {
        List<ConsumerRecord<String, byte[]>> all = EventsTopic.recordsIn(OwnLog.topic("events"), 1);
        assertTrue(all.size() > 1);
        return all;
    }

    private static String type(ConsumerRecord<String, byte[]> message) {
        return EventsTopic.headers(message).getOrDefault("ce_type", "");
    }
}
