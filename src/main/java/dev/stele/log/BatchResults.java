package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.log.AppendResult.Place;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row that {@code append_batch} answers, as the results that it means, one per append. */
final class BatchResults {

    private final String[] outcomes;
    private final @Nullable Long[] versions;
    private final @Nullable Long[] positions;
    private final Integer[] deletedParts;
    private final Integer[] failedParts;
    private final Integer[] reusedAppends;
    private final UUID[] reused;
    private final Integer[] foundItems;
    private final Long[] foundPositions;
    private final GlobalPosition newest;
    private final Instant recordedAt;
    private final int generation;
    private final @Nullable UUID known;

    BatchResults(Row row) {
        this.outcomes = row.getArrayOfStrings("outcomes");
        this.versions = row.getArrayOfLongs("versions");
        this.positions = orNone(row.getArrayOfLongs("positions"), new Long[0]);
        this.deletedParts = orNone(row.getArrayOfIntegers("deleted_parts"), new Integer[0]);
        this.failedParts = orNone(row.getArrayOfIntegers("failed_parts"), new Integer[0]);
        this.reusedAppends = orNone(row.getArrayOfIntegers("reused_appends"), new Integer[0]);
        this.reused = orNone(row.getArrayOfUUIDs("reused"), new UUID[0]);
        this.foundItems = orNone(row.getArrayOfIntegers("found_items"), new Integer[0]);
        this.foundPositions = orNone(row.getArrayOfLongs("found_positions"), new Long[0]);
        this.newest = new GlobalPosition(row.getLong("newest"));
        this.recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
        this.generation = row.getInteger("generation");
        this.known = row.getUUID("known_id");
    }

    /** The head after the batch. */
    GlobalPosition newest() {
        return newest;
    }

    /** When the events of the batch were recorded. */
    Instant recordedAt() {
        return recordedAt;
    }

    /** The generation of the log that the batch went to. */
    int generation() {
        return generation;
    }

    /** The event at the position that was known; null = there is none. */
    @Nullable EventId known() {
        return known == null ? null : new EventId(known);
    }

    /** The results of these appends, which are those of the batch. */
    List<AppendResult> of(List<Append> batch) {
        List<AppendResult> results = new ArrayList<>(batch.size());
        int firstPart = 0;
        int firstItem = 0;
        for (int nth = 0; nth < batch.size(); nth++) {
            Append append = batch.get(nth);
            results.add(result(nth, append, firstPart, firstItem));
            firstPart += append.parts().size() + append.requirements().size();
            firstItem += append.failIf() == null ? 0 : append.failIf().items().size();
        }
        return results;
    }

    private AppendResult result(int nth, Append append, int firstPart, int firstItem) {
        return switch (outcomes[nth]) {
            case "appended" -> new AppendResult.Appended(places(append, firstPart));
            case "repeated" -> new AppendResult.AlreadyAppended(places(append, firstPart));
            case "id-reused" -> new AppendResult.IdReused(reusedBy(nth));
            case "deleted" -> new AppendResult.Deleted(deleted(append, firstPart));
            case "conflict" ->
                    new AppendResult.Conflict(failedChecks(append, firstPart, firstItem));
            case "unchecked" -> new AppendResult.Unchecked();
            default -> throw new IllegalStateException("append_batch answered " + outcomes[nth]);
        };
    }

    private List<Place> places(Append append, int firstPart) {
        List<Place> places = new ArrayList<>(append.parts().size());
        for (int part = firstPart; part < firstPart + append.parts().size(); part++) {
            places.add(
                    new Place(
                            version(part),
                            new GlobalPosition(Objects.requireNonNull(positions[part]))));
        }
        return places;
    }

    private StreamVersion version(int part) {
        return new StreamVersion(Objects.requireNonNull(versions[part]));
    }

    private List<EventId> reusedBy(int nth) {
        List<EventId> ids = new ArrayList<>();
        for (int i = 0; i < reused.length; i++) {
            if (reusedAppends[i] == nth + 1) {
                ids.add(new EventId(reused[i]));
            }
        }
        return ids;
    }

    private StreamId deleted(Append append, int firstPart) {
        for (int part : deletedParts) {
            int place = part - 1 - firstPart;
            if (place >= 0 && place < append.parts().size()) {
                return append.parts().get(place).stream();
            }
        }
        throw new IllegalStateException("append_batch names no deleted stream");
    }

    private List<FailedCheck> failedChecks(Append append, int firstPart, int firstItem) {
        List<FailedCheck> failed = new ArrayList<>();
        int place = 0;
        for (Append.Part part : append.parts()) {
            addIfFailed(failed, firstPart + place, part.stream(), part.condition());
            place++;
        }
        for (Append.Requirement requirement : append.requirements()) {
            addIfFailed(failed, firstPart + place, requirement.stream(), requirement.condition());
            place++;
        }
        if (append.failIf() != null) {
            addFoundEvents(failed, firstItem, append.failIf().items().size());
        }
        return failed;
    }

    private void addIfFailed(
            List<FailedCheck> failed, int part, StreamId stream, AppendCondition expected) {
        if (Arrays.asList(failedParts).contains(part + 1)) {
            failed.add(new FailedCheck.StreamVersionDiffers(stream, expected, version(part)));
        }
    }

    private void addFoundEvents(List<FailedCheck> failed, int firstItem, int items) {
        for (int item = 0; item < items; item++) {
            List<GlobalPosition> found = new ArrayList<>();
            for (int i = 0; i < foundItems.length; i++) {
                if (foundItems[i] == firstItem + item + 1) {
                    found.add(new GlobalPosition(foundPositions[i]));
                }
            }
            if (found.contains(GlobalPosition.BEGINNING)) {
                failed.add(new FailedCheck.AfterBeyondHead(newest));
                return;
            }
            if (!found.isEmpty()) {
                failed.add(new FailedCheck.EventsFound(item, found));
            }
        }
    }

    private static <T> T[] orNone(T @Nullable [] array, T[] none) {
        return array == null ? none : array;
    }
}
