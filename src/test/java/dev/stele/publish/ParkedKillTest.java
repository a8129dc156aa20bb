package dev.stele.publish;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.HeldSubscription;
import dev.stele.testing.HeldSubscription.End;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The owner of a publication ends between each two writes of parking, of a retry and of a skip, and
 * the next one, or itself, goes on: everything is published once and in order.
 *
 * <p>Each test stands where one write is done and the next is not: the test holds the row for which
 * the next one waits, or has taken the right to transactions away.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ParkedKillTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SMALL_BYTES = 4_096;
    private static final String LARGE = "\"" + "x".repeat(2 * SMALL_BYTES) + "\"";

    /** What only the statement that writes what is parked contains. */
    private static final String PARKS = "stele.park(held.name";

    private final String name = "killed-" + UUID.randomUUID();
    private final String subscription = "publication/" + name;
    private final String topic = "killed." + UUID.randomUUID();
    private final String category = "killed" + UUID.randomUUID().toString().replace("-", "");
    private final String stream = category + "-1";
    private final String other = category + "-2";
    private final String parked = "/v1/publications/" + name + "/parked";

    /** How a parked key gets on. */
    enum Onwards {
        RETRY,
        SKIP
    }

    @BeforeEach
    void define() throws Exception {
        try (Admin admin = admin()) {
            NewTopic small = new NewTopic(topic, Optional.of(2), Optional.empty());
            small.configs(Map.of("max.message.bytes", Integer.toString(SMALL_BYTES)));
            admin.createTopics(List.of(small)).all().get(60, TimeUnit.SECONDS);
        }
        request()
                .contentType(ContentType.JSON)
                .body(
                        "{\"topic\": \"%s\", \"source\": {\"categories\": [\"%s\"]}}"
                                .formatted(topic, category))
                .put("/v1/publications/" + name)
                .then()
                .statusCode(201);
        caughtUp(count(stream, "0"));
        // The row is free: nobody saves a checkpoint any more.
        EventsTopic.recordsIn(topic, 1);
    }

    @AfterEach
    void delete() {
        request().delete("/v1/publications/" + name);
    }

    @ParameterizedTest
    @EnumSource
    void before_what_is_parked_is_written(End end) throws Exception {
        long bad;
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            bad = count(stream, "1", LARGE, "3") - 1;
            HeldSubscription.awaitWaiting(PARKS);
            assertEquals(List.of("0"), published(stream, 1));
            held.end(end, PARKS);
        }
        requireParkedAt(bad, 1);
        requireAllSentAfter(bad, Onwards.SKIP);
    }

    @ParameterizedTest
    @EnumSource
    void after_what_is_parked_is_written_and_before_the_transaction(End end) throws Exception {
        HeldSubscription before = HeldSubscription.hold(subscription);
        long bad = count(stream, "1", LARGE, "3") - 1;
        HeldSubscription.awaitWaiting(PARKS);
        CompletableFuture<HeldSubscription> after = before.next();
        fenceTransactions();
        before.close();
        try (HeldSubscription held = after.join()) {
            assertEquals(2, parkedEvents());
            assertEquals(List.of("0"), published(stream, 1));
            if (end == End.LEASE_LOST) {
                held.takeLease();
            }
        }
        requireParkedAt(bad, 1);
        requireAllSentAfter(bad, Onwards.SKIP);
    }

    @ParameterizedTest
    @EnumSource
    void after_the_transaction_and_before_the_checkpoint_is_shown(Onwards onwards)
            throws Exception {
        HeldSubscription before = HeldSubscription.hold(subscription);
        long bad = count(stream, "1", LARGE, "3") - 1;
        HeldSubscription.awaitWaiting(PARKS);
        CompletableFuture<HeldSubscription> after = before.next();
        before.close();
        try (HeldSubscription held = after.join()) {
            assertEquals(List.of("0", "1"), published(stream, 2));
            assertTrue(storedPosition() < bad);
            held.takeLease();
        }
        requireParkedAt(bad, 1);
        requireAllSentAfter(bad, onwards);
    }

    @ParameterizedTest
    @EnumSource
    void before_the_transaction_of_a_retry(Onwards onwards) throws Exception {
        long bad = parkedAndCaughtUp();
        fenceTransactions();
        requireAllSentAfter(bad, onwards);
    }

    @ParameterizedTest
    @EnumSource
    void after_the_transaction_of_a_retry_when_the_lease_is_lost(Onwards onwards) throws Exception {
        endAfterTransactionOfRetry(onwards, End.LEASE_LOST);
    }

    @ParameterizedTest
    @EnumSource
    void after_the_transaction_of_a_retry_when_the_statement_is_lost(Onwards onwards)
            throws Exception {
        endAfterTransactionOfRetry(onwards, End.STATEMENT_LOST);
    }

    private void endAfterTransactionOfRetry(Onwards onwards, End end) throws Exception {
        long bad = parkedAndCaughtUp();
        int sent = onwards == Onwards.RETRY ? 5 : 4;
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            begin(onwards, bad);
            HeldSubscription.awaitWaiting(PARKS);
            EventsTopic.recordsIn(topic, sent);
            assertEquals(onwards == Onwards.RETRY ? 2 : 1, parkedEvents());
            get(parked + "/" + stream).then().statusCode(200).body("retrying", equalTo(true));
            held.end(end, PARKS);
        }
        requireAllSent(onwards);
    }

    @ParameterizedTest
    @EnumSource
    void after_a_retry(Onwards onwards) throws Exception {
        long bad = parkedAndCaughtUp();
        begin(onwards, bad);
        await().atMost(PATIENCE).until(() -> parkedEvents() == 0);
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            held.takeLease();
        }
        requireAllSent(onwards);
    }

    @ParameterizedTest
    @EnumSource
    void between_the_wish_and_the_retry(Onwards onwards) throws Exception {
        long bad = parkedAndCaughtUp();
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            held.keepLease();
        }
        begin(onwards, bad);
        get(parked + "/" + stream).then().statusCode(200).body("retrying", equalTo(true));
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            held.takeLease();
        }
        requireAllSent(onwards);
    }

    @ParameterizedTest
    @EnumSource
    void while_what_waits_fails_anew(End end) throws Exception {
        long bad = count(stream, "1", LARGE, "3", LARGE, "5") - 3;
        caughtUp(count(other, "4"));
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            begin(Onwards.SKIP, bad);
            HeldSubscription.awaitWaiting(PARKS);
            assertEquals(List.of("0", "1", "3"), published(stream, 4));
            held.end(end, PARKS);
        }
        requireParkedAt(bad + 2, 1);
        begin(Onwards.SKIP, bad + 2);
        await().atMost(PATIENCE).until(() -> parkedEvents() == 0);
        assertEquals(List.of("0", "1", "3", "5"), published(stream, 5));
        assertEquals(List.of((int) bad, (int) bad + 2), skipped());
    }

    /** 1 is sent, the large one is parked, 3 waits behind it, and 4 is another stream's. */
    private long parkedAndCaughtUp() {
        long bad = count(stream, "1", LARGE, "3") - 1;
        caughtUp(count(other, "4"));
        EventsTopic.recordsIn(topic, 3);
        return bad;
    }

    private void begin(Onwards onwards, long bad) throws Exception {
        switch (onwards) {
            case RETRY -> {
                setLimit(16 * SMALL_BYTES);
                request().post(parked + "/" + stream + "/retry").then().statusCode(202);
            }
            case SKIP -> {
                skip(bad);
                // Who did not get the answer asks again, and changes nothing.
                assertTrue(List.of(404, 409, 503).contains(askToSkip(bad).statusCode()));
            }
        }
    }

    private void requireAllSentAfter(long bad, Onwards onwards) throws Exception {
        begin(onwards, bad);
        requireAllSent(onwards);
        assertEquals(onwards == Onwards.SKIP ? List.of((int) bad) : List.of(), skipped());
    }

    private void requireAllSent(Onwards onwards) {
        await().atMost(PATIENCE).until(() -> parkedEvents() == 0);
        count(stream, "6");
        List<String> wanted =
                onwards == Onwards.RETRY
                        ? List.of("0", "1", LARGE, "3", "6")
                        : List.of("0", "1", "3", "6");
        await().atMost(PATIENCE).until(() -> published(stream, wanted.size()).contains("6"));
        assertEquals(wanted, published(stream, wanted.size()));
        get("/v1/publications/" + name)
                .then()
                .body("state", equalTo("running"))
                .body("parkedKeys", equalTo(0));
    }

    private void requireParkedAt(long bad, int waiting) {
        caughtUp(bad + waiting);
        await().atMost(PATIENCE)
                .until(() -> List.of((int) bad).equals(get(parked).path("parked.position")));
        get(parked)
                .then()
                .statusCode(200)
                .body("parked.key", equalTo(List.of(stream)))
                .body("parked.position", equalTo(List.of((int) bad)))
                .body("parked.waiting", equalTo(List.of(waiting)))
                .body("parked.retrying", equalTo(List.of(false)));
    }

    /** Ends the owner's right to transactions, as the next owner does. */
    private void fenceTransactions() {
        String log = get("/v1/log").path("id");
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestServers.kafka().bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "stele.%s.%s".formatted(log, name));
        try (KafkaProducer<byte[], byte[]> rival =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            rival.initTransactions();
        }
    }

    private long parkedEvents() {
        return Long.parseLong(
                HeldSubscription.ask(
                        "select count(*) from stele.parked_events where subscription = ?",
                        subscription));
    }

    private long storedPosition() {
        return Long.parseLong(
                HeldSubscription.ask(
                        "select position from stele.subscriptions where name = ?", subscription));
    }

    private List<Integer> skipped() {
        return get("/v1/publications/" + name + "/skipped").path("skipped.position");
    }

    /** Of a stream, when so many are there of all. */
    private List<String> published(String key, int all) {
        return EventsTopic.recordsIn(topic, all).stream()
                .filter(each -> each.key().equals(key))
                .map(EventsTopic::text)
                .toList();
    }

    /** In one append; the position of the last. */
    private static long count(String stream, String... data) {
        String events =
                String.join(
                        ",",
                        List.of(data).stream()
                                .map("{\"type\":\"Counted\",\"data\":%s}"::formatted)
                                .toList());
        Response appended = append(stream, "[" + events + "]");
        appended.then().statusCode(201);
        return Long.parseLong(appended.header("Stele-Position"));
    }

    private void caughtUp(long position) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                get("/v1/publications/" + name).jsonPath().getLong("position")
                                        >= position);
    }

    /** A key that is parked only just now is asked about again. */
    private void skip(long position) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            Response answer = askToSkip(position);
                            assertTrue(
                                    List.of(200, 503).contains(answer.statusCode()),
                                    answer.asString());
                            return answer.statusCode() == 200;
                        });
    }

    private Response askToSkip(long position) {
        return request()
                .contentType(ContentType.JSON)
                .body("{\"position\": %d, \"reason\": \"it was a joke\"}".formatted(position))
                .post(parked + "/" + stream + "/skip");
    }

    private void setLimit(int bytes) throws Exception {
        ConfigEntry limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers()));
    }
}
