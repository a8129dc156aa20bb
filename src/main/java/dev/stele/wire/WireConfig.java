package dev.stele.wire;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of connections. */
@ConfigMapping(prefix = "stele.wire")
interface WireConfig {

    /**
     * How long what a sender still sends is read and dropped after a request that could not be
     * understood was answered, so that it comes to read the answer; then the connection is closed.
     */
    @WithDefault("2s")
    Duration linger();
}
