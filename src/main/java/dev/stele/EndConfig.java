package dev.stele;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of the end of the process. */
@ConfigMapping(prefix = "stele.end")
interface EndConfig {

    /**
     * The process is gone after this, whatever hangs. What the packages need for their own ends
     * ({@code stele.*.end-timeout}) is less, so that it is not cut short.
     */
    @WithDefault("10s")
    Duration timeout();
}
