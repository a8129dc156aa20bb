package dev.stele.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of the HTTP side. */
@ConfigMapping(prefix = "stele.http")
interface HttpConfig {

    /** Largest page, in events or entries. */
    @WithDefault("1000")
    int pageMax();

    /** Page size when the request does not say. */
    @WithDefault("100")
    int pageDefault();

    /** Larger bodies are read on a worker thread: it would take an event loop too long. */
    @WithDefault("65536")
    int eventLoopBytes();

    /** How long a read waits for a position when the request does not say. */
    @WithDefault("5s")
    Duration waitDefault();

    /** Longest wait that a request can ask for; more is taken as this. */
    @WithDefault("30s")
    Duration waitMax();
}
