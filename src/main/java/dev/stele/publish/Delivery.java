package dev.stele.publish;

/** What a publication promises its consumers, whatever crashes. Always in order per key. */
enum Delivery {
    /**
     * Records and checkpoint in one Kafka transaction: a consumer of committed records sees every
     * event exactly once. Needs a broker with transactions.
     */
    EXACTLY_ONCE,
    /** After a crash some records come again; {@code ce_position} tells repeats apart. */
    AT_LEAST_ONCE
}
