package dev.stele.subscription;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of what one view or publication sets aside. */
@ConfigMapping(prefix = "stele.parked")
interface ParkedConfig {

    /** Most keys that are parked at once; at one more it stalls. */
    @WithDefault("1000")
    int maxKeys();

    /** Most events that wait behind parked keys, all together; at one more it stalls. */
    @WithDefault("100000")
    int maxWaiting();

    /** Most parked events that are tried again at once. */
    @WithDefault("200")
    int retryEvents();

    /** Most characters of the keys of these events; the first event may have more. */
    @WithDefault("65536")
    int retryKeyChars();

    /** Most characters of an error that are kept. */
    @WithDefault("1000")
    int errorChars();
}
