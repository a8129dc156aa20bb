package dev.stele.subscription;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Who a replica is. */
@ConfigMapping(prefix = "stele.replica")
interface ReplicaConfig {

    /** What people call it, as an owner of views and publications; the host's name when absent. */
    Optional<String> name();
}
