package dev.stele.postgres;

/** The version of the schema that this version of the service needs. */
final class SchemaVersion {

    /** The number of the newest file in {@code db/migration}; a test compares. */
    static final int NEEDED = 9;

    private SchemaVersion() {}
}
