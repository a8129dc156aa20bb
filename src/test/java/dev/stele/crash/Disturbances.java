package dev.stele.crash;

import dev.stele.servers.PostgresServer;
import dev.stele.testing.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Trouble of many kinds, in any order, each at any moment. */
final class Disturbances {

    private static final double MOST_SECONDS_BETWEEN = 0.3;

    /** Shorter than anybody waits for the lock. */
    private static final double MOST_SECONDS_LOCKED = 0.5;

    private final CrashSite site;
    private final Crowd crowd;
    private final Timeline timeline;
    private final Random random;

    Disturbances(CrashSite site, Crowd crowd, Timeline timeline, Random random) {
        this.site = site;
        this.crowd = crowd;
        this.timeline = timeline;
        this.random = random;
    }

    /**
     * One kind of trouble.
     *
     * @param unharmed replicas that go on with their appends before it is over
     */
    private record Disturbance(String name, Runnable begin, List<Service> unharmed, Runnable end) {}

    /** One after the other, until the time is over. All replicas go on after each. */
    void make() {
        while (!timeline.isOver()) {
            List<Disturbance> all = new ArrayList<>(all());
            Collections.shuffle(all, random);
            for (Disturbance each : all) {
                if (timeline.isOver()) {
                    return;
                }
                timeline.at(soon(MOST_SECONDS_BETWEEN), each.name(), each.begin());
                awaitProgress(each.unharmed());
                each.end().run();
                awaitProgress(site.services());
            }
        }
    }

    private List<Disturbance> all() {
        PostgresServer postgres = site.postgres();
        Intruder intruder = new Intruder(postgres.reactiveUrl());
        int chosen = random.nextInt(site.services().size());
        Service service = site.services().get(chosen);
        List<Service> others = new ArrayList<>(site.services());
        others.remove(service);
        Runnable nothing = () -> {};
        return List.of(
                new Disturbance(
                        "connections terminated",
                        () -> intruder.terminateConnections(random),
                        List.of(),
                        nothing),
                new Disturbance(
                        "a snapshot left open",
                        intruder::openSnapshot,
                        site.services(),
                        intruder::leave),
                new Disturbance(
                        "the log locked",
                        intruder::lockLog,
                        List.of(),
                        () -> timeline.at(soon(MOST_SECONDS_LOCKED), "unlocked", intruder::leave)),
                new Disturbance(
                        "PostgreSQL crashed",
                        postgres::stopImmediate,
                        List.of(),
                        postgres::startAgain),
                new Disturbance(
                        "PostgreSQL stopped", postgres::stopFast, List.of(), postgres::startAgain),
                new Disturbance(
                        "replica %d killed".formatted(chosen),
                        service::kill,
                        others,
                        service::startAgain),
                new Disturbance(
                        "replica %d stopped".formatted(chosen),
                        service::suspend,
                        others,
                        service::resume));
    }

    private double soon(double mostSeconds) {
        return timeline.now() + random.nextDouble(mostSeconds);
    }

    private void awaitProgress(List<Service> services) {
        services.forEach(service -> crowd.awaitProgress(service.address()));
    }
}
