package dev.stele.publish;

import dev.stele.subscription.Standing;

/** How the subscription of a publication is doing. */
public record PublicationStanding(
        PublicationName name, PublicationStatus.State state, Standing standing) {}
