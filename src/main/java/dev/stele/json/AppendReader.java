package dev.stele.json;

import dev.stele.event.Append;
import dev.stele.event.EventId;
import dev.stele.event.FailIf;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads an append to many streams with its conditions. */
public final class AppendReader {

    private final EventLimits limits;

    public AppendReader(EventLimits limits) {
        this.limits = limits;
    }

    /**
     * What a document asks for.
     *
     * @param idsGiven whether the sender gave an id to any event
     */
    public record Asked(
            List<Append.Part> parts,
            List<Append.Requirement> requirements,
            @Nullable FailIf failIf,
            boolean idsGiven) {}

    /**
     * Reads a document.
     *
     * @param missingId makes the id of the event at an index (from 0, over all streams) that has
     *     none
     */
    public Parsed<Asked> read(byte[] body, IntFunction<EventId> missingId) {
        return AppendDocument.read(
                body,
                limits,
                (parser, flaws) -> new AppendFields(parser, limits, flaws, missingId).read());
    }
}
