package dev.stele.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the schema's migrations. */
@ConfigMapping(prefix = "stele.migrate")
interface SchemaConfig {

    /** Whether the service migrates the schema when it starts. */
    @WithDefault("true")
    boolean atStart();

    /** The role that owns the tables; the service's own when absent. Read by Flyway's settings. */
    Optional<String> username();

    /** The password of that role. */
    Optional<String> password();

    /** Longest pause between two attempts while the database is away. */
    @WithDefault("5s")
    Duration retryMax();

    /** How long a process that only migrates tries before it gives up. */
    @WithDefault("1m")
    Duration giveUpAfter();

    /** Longest wait for the database in the readiness check. */
    @WithDefault("2s")
    Duration checkTimeout();
}
