/**
 * What tests share: one PostgreSQL and one Kafka for a whole test JVM.
 *
 * <p>{@link dev.stele.testing.TestServers} is the face: a resource for {@code @QuarkusTest} and
 * {@code @QuarkusIntegrationTest}, and plain methods for any other test. The servers start at the
 * first use, on free ports, with their data in a fresh folder under {@code target/}, and go with
 * the JVM. Tests of crashes stop them and start them again on the same ports, and leave them
 * running.
 *
 * <p>{@link dev.stele.testing.Service} is the built service as a process of its own, for tests that
 * start it as users do, or end it as crashes do. {@link dev.stele.testing.PostgresProxy} is the
 * network between it and PostgreSQL, for tests of what networks do.
 *
 * <p>Quarkus loads the tests of each profile with another class loader, so a static field is not
 * shared by all tests. The one copy of {@link dev.stele.testing.SharedServers} that the system
 * class loader loads is; {@code TestServers} reaches it by reflection, with types of the JDK only.
 *
 * <p>What is not here: isolation. Streams, topics and tables outlive a test; tests use names of
 * their own.
 */
@NullMarked
package dev.stele.testing;

import org.jspecify.annotations.NullMarked;
