package dev.stele.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of the connections to PostgreSQL. */
@ConfigMapping(prefix = "stele.database")
interface DatabaseConfig {

    /**
     * Whether statements are prepared once for each connection. Without, each is sent whole each
     * time, which a pooler needs that gives transactions sessions and keeps no statements.
     */
    @WithDefault("true")
    boolean preparedStatements();

    /** Longest wait for a connection to the server's port. */
    @WithDefault("5s")
    Duration connectTimeout();

    /**
     * How long a connection may leave a statement without an answer; then it is closed, because the
     * network may have forgotten it. Whoever sent a statement has given up on it before.
     */
    @WithDefault("15s")
    Duration answerTimeout();

    /** How long a connection is kept that nobody uses. */
    @WithDefault("1m")
    Duration idleTimeout();

    /** How long a connection is kept, so that each finds the server that the address leads to. */
    @WithDefault("30m")
    Duration maxLifetime();
}
