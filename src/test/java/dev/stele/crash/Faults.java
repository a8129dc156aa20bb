package dev.stele.crash;

import dev.stele.servers.BaseBackup;
import dev.stele.servers.KafkaServer;
import dev.stele.testing.PostgresProxy;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** What happens to the servers, and to the network before PostgreSQL. */
final class Faults {

    private static final double LEAST_SECONDS = 1;
    private static final double MOST_SECONDS = 4;

    /** Longer than leases, and than anybody waits for an answer. */
    private static final double MOST_SECONDS_HUNG = 10;

    private final Databases databases;
    private final KafkaServer kafka;
    private final Losses losses;
    private final Runnable handledMore;
    private final Random random;

    /**
     * One kind.
     *
     * @param loses whether events that were acknowledged and handled are gone
     * @param prepared what must be there first; nobody notices it
     * @param broken the beginning
     * @param mended the end: from then on the service is on its own
     * @param over what is tidied up when the service is back
     */
    record Fault(
            String name,
            boolean loses,
            Runnable prepared,
            Runnable broken,
            Runnable mended,
            Runnable over) {}

    /**
     * @param handledMore waits until every subscription has handled events that were appended after
     *     the call
     */
    Faults(
            Databases databases,
            KafkaServer kafka,
            Losses losses,
            Runnable handledMore,
            Random random) {
        this.databases = databases;
        this.kafka = kafka;
        this.losses = losses;
        this.handledMore = handledMore;
        this.random = random;
    }

    /** Those that put the log back. */
    List<Fault> thatLose() {
        LongConsumer lost = losses::add;
        AtomicReference<BaseBackup> backup = new AtomicReference<>();
        return List.of(
                new Fault(
                        "failover that loses events",
                        true,
                        () -> {
                            databases.follow();
                            databases.cutReplication();
                            handledMore.run();
                        },
                        () -> databases.failOver(lost),
                        Faults::nothing,
                        Faults::nothing),
                new Fault(
                        "restore of an older backup",
                        true,
                        () -> {
                            backup.set(databases.backUp());
                            handledMore.run();
                        },
                        () -> databases.restore(backup.get(), lost),
                        Faults::nothing,
                        Faults::nothing));
    }

    /** Those that lose nothing that was acknowledged. */
    List<Fault> thatKeep() {
        PostgresProxy network = databases.address();
        return List.of(
                new Fault(
                        "failover to a standby in step",
                        false,
                        () -> {
                            databases.follow();
                            databases.keepInStep();
                        },
                        () -> databases.failOver(_ -> {}),
                        Faults::nothing,
                        Faults::nothing),
                new Fault(
                        "connections led to a read-only standby",
                        false,
                        databases::follow,
                        databases::leadToStandby,
                        () -> later(databases::leadBack),
                        databases::discardStandby),
                lasting("PostgreSQL is read-only", databases::refuseWrites, databases::allowWrites),
                lasting("the disk is full", databases::fillDisk, databases::freeDisk),
                new Fault(
                        "PostgreSQL hangs",
                        false,
                        Faults::nothing,
                        () -> databases.primary().suspend(),
                        () -> after(MOST_SECONDS_HUNG, () -> databases.primary().resume()),
                        Faults::nothing),
                lasting(
                        "PostgreSQL is stopped",
                        () -> databases.primary().stopFast(),
                        () -> databases.primary().startAgain()),
                atOnce(
                        "PostgreSQL crashes",
                        () -> {
                            databases.primary().stopImmediate();
                            databases.primary().startAgain();
                        }),
                atOnce("connections are cut", network::cut),
                atOnce("connections are forgotten", network::forget),
                atOnce("answers are lost", network::loseAnswers),
                lasting("the network is silent", network::fallSilent, network::pass),
                lasting("Kafka is stopped", kafka::stop, kafka::startAgain),
                lasting("Kafka crashes", kafka::kill, kafka::startAgain));
    }

    private Fault lasting(String name, Runnable broken, Runnable mended) {
        return new Fault(
                name, false, Faults::nothing, broken, () -> later(mended), Faults::nothing);
    }

    private static Fault atOnce(String name, Runnable broken) {
        return new Fault(name, false, Faults::nothing, broken, Faults::nothing, Faults::nothing);
    }

    private static void nothing() {}

    private void later(Runnable action) {
        after(MOST_SECONDS, action);
    }

    /** There is no condition to wait for: that it lasts is what is tried. */
    private void after(double mostSeconds, Runnable action) {
        LockSupport.parkNanos((long) (random.nextDouble(LEAST_SECONDS, mostSeconds) * 1e9));
        action.run();
    }
}
