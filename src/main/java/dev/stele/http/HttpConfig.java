package dev.stele.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Limits of the HTTP side. */
@ConfigMapping(prefix = "stele.http")
interface HttpConfig {

    /** Largest page, in events or entries. */
    @WithDefault("1000")
    int pageMax();

    /** Page size when the request does not say. */
    @WithDefault("100")
    int pageDefault();

    /**
     * Whether caches that serve several readers may keep the pages that never change; otherwise
     * only the reader's own.
     */
    @WithDefault("true")
    boolean cachePublic();

    /** Larger bodies are read on a worker thread: it would take an event loop too long. */
    @WithDefault("65536")
    int eventLoopBytes();

    /** Most bytes of such bodies that are under way at once; one more is answered 503. */
    @WithDefault("33554432")
    long largeBodiesMaxBytes();

    /**
     * How often it is looked whether such a body comes at {@link #largeBodiesMinRate}; one that
     * does not is answered 408, for others want its room.
     */
    @WithDefault("10s")
    Duration largeBodiesPatience();

    /** Fewest bytes a second that such a body brings between two looks. */
    @WithDefault("65536")
    int largeBodiesMinRate();

    /** Most bulk loads that are under way at once; one more is answered 503. */
    @WithDefault("32")
    int bulkLoads();

    /** Most events of a chunk of a bulk load; no chunk has more than an append may have. */
    @WithDefault("1000")
    int bulkChunkEvents();

    /** A chunk of a bulk load ends with the line that brings it to so many bytes. */
    @WithDefault("1048576")
    int bulkChunkBytes();

    /**
     * How often a chunk of a bulk load is tried again when the queue is full, or the database does
     * not answer.
     */
    @WithDefault("10")
    int bulkRetries();

    /** Pause before a chunk is tried again for the first time; it doubles each time. */
    @WithDefault("100ms")
    Duration bulkPauseMin();

    /** Longest pause before a chunk is tried again. */
    @WithDefault("2s")
    Duration bulkPauseMax();

    /**
     * What a sender still sends after a bulk load, or any body, was refused is read and dropped, so
     * that it comes to read the answer; when nothing has come for so long, the connection is
     * closed.
     */
    @WithDefault("5s")
    Duration bulkLinger();

    /** A sender that goes on and on is cut off after this, at the next look. */
    @WithDefault("1m")
    Duration bulkLingerMax();

    /**
     * Who may deliver webhooks, by the names that they give of themselves; {@code *}: whoever asks.
     * Absent: the handshake gives nobody permission.
     */
    Optional<List<String>> webhookOrigins();

    /**
     * How many requests a minute they are told that they may send; nobody counts them. Absent: any
     * number.
     */
    Optional<Integer> webhookRate();

    /** Longest wait for the answers that are under way when the service ends. */
    @WithDefault("3s")
    Duration endTimeout();

    /** How much of that bodies get which have not come whole. */
    @WithDefault("1s")
    Duration endBodies();

    /** How long nobody may have come before the port is closed, within the same time. */
    @WithDefault("200ms")
    Duration endQuiet();

    /** How long a read waits for a position when the request does not say. */
    @WithDefault("5s")
    Duration waitDefault();

    /** Longest wait that a request can ask for; more is taken as this. */
    @WithDefault("30s")
    Duration waitMax();

    /**
     * Most reads that wait for a parked key that is being tried again; one more is answered 503.
     */
    @WithDefault("100")
    int parkedWaiters();

    /** Pause between two looks at such a key. */
    @WithDefault("50ms")
    Duration parkedPoll();

    /** Most bytes of a request to skip an event. */
    @WithDefault("16384")
    int skipBytes();

    /** Most bytes of a request to have a publication go on after a restore. */
    @WithDefault("1024")
    int continueBytes();

    /** Most characters of the reason for skipping an event. */
    @WithDefault("1000")
    int skipReasonChars();

    /** Longest wait of the status for the database; then it says what this replica knows. */
    @WithDefault("2s")
    Duration statusTimeout();

    /** How long an append, or a statement for a lock, waits before the status speaks of it. */
    @WithDefault("1s")
    Duration statusWaits();

    /** Most characters that the status quotes of a statement of somebody else. */
    @WithDefault("200")
    int statusQueryChars();
}
