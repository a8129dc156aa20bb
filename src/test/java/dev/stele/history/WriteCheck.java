package dev.stele.history;

import dev.stele.history.Outcome.Accepted;
import dev.stele.history.Outcome.Conflict;
import dev.stele.history.Outcome.Failed;
import dev.stele.history.Outcome.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** One append with all the attempts of it, and what has become of it in the log. */
final class WriteCheck {

    /** As many positions as an answer tells. */
    private static final int MOST_POSITIONS = 10;

    private final FinalLog log;
    private final Write write;
    private final List<Operation.Append> attempts;
    private final List<Logged> found;

    /** Whether all of it, or nothing, is in the log as it was sent. */
    private final boolean whole;

    WriteCheck(FinalLog log, Write write, List<Operation.Append> attempts) {
        this.log = log;
        this.write = write;
        this.attempts = attempts;
        this.found = write.ids().map(log::event).filter(Objects::nonNull).toList();
        this.whole = found.isEmpty() || found.equals(wholeAt(found.getFirst().position()));
    }

    /** All of it is in the log or nothing, as it was sent and where it was allowed. */
    void requirePlace(List<String> flaws, Moments moments) {
        if (!whole) {
            flaws.add(
                    "in the log in part, or not as it was sent: %s %s".formatted(found, attempts));
        }
        if (!whole || found.isEmpty()) {
            return;
        }
        moments.together(found.getFirst().position(), found.getLast().position());
        for (Place place : places()) {
            requireAllowed(part(place.stream()).expected(), place, flaws);
        }
        List<Long> tagged = log.tagged(write.tag(), write.failIfAfter());
        if (!tagged.isEmpty() && tagged.getFirst() < found.getFirst().position()) {
            flaws.add(
                    "appended behind (%s), which it must not be: %s %s"
                            .formatted(log.at(tagged.getFirst()), found, attempts));
        }
    }

    private void requireAllowed(long expected, Place place, List<String> flaws) {
        long before = place.firstVersion() - 1;
        boolean absent = before == 0 || log.deletedAt(place.stream(), before);
        if (expected == 0 ? !absent : expected != Write.ANY && expected != before) {
            flaws.add("expected another version: %s %s".formatted(found, attempts));
        }
        if (absent && (write.deletes() || (before > 0 && expected != 0))) {
            flaws.add(
                    "appended to a stream that was deleted or never there: %s %s"
                            .formatted(found, attempts));
        }
    }

    /** Every answer is true, at some moment between its request and itself. */
    void requireOutcomes(List<String> flaws, Moments moments) {
        if (!whole) {
            return;
        }
        Optional<Operation.Append> writer = writer();
        if (writer.isEmpty() && !found.isEmpty()) {
            flaws.add(
                    "in the log, and nobody can have written it: %s %s".formatted(found, attempts));
        }
        writer.filter(_ -> !found.isEmpty())
                .ifPresent(each -> moments.wasMissing(each, found.getFirst().position()));
        if (attempts.stream().filter(WriteCheck::wrote).count() > 1) {
            flaws.add("accepted twice as a new one: " + attempts);
        }
        for (Operation.Append attempt : attempts) {
            switch (attempt.outcome()) {
                case Accepted accepted -> requireAccepted(attempt, accepted, flaws, moments);
                case Conflict(var failed) -> requireConflict(attempt, failed, flaws, moments);
                case Outcome.Deleted(var tombstone) ->
                        requireDeleted(attempt, tombstone, flaws, moments);
                case Outcome.NotDone(), Outcome.Unknown() -> {}
            }
        }
    }

    private void requireAccepted(
            Operation.Append attempt, Accepted accepted, List<String> flaws, Moments moments) {
        if (found.isEmpty()) {
            flaws.add("acknowledged, and not in the log: " + attempt);
        } else if (!accepted.places().equals(places())) {
            flaws.add("acknowledged at another place than %s: %s".formatted(found, attempt));
        } else {
            moments.wasThere(attempt, found.getLast().position());
        }
    }

    /**
     * The versions are of one moment and the positions are of one, but need not be of the same: a
     * condition over events may be looked up beforehand.
     */
    private void requireConflict(
            Operation.Append attempt, List<Failed> failed, List<String> flaws, Moments moments) {
        Sight versions = new Sight();
        if (!found.isEmpty()) {
            versions.missing(found.getFirst().position());
        }
        List<Write.Part> passed = new ArrayList<>(write.parts());
        List<Long> told = List.of();
        for (Failed check : failed) {
            switch (check) {
                case Failed.AtVersion(var stream, long expected, long actual) -> {
                    boolean asked =
                            passed.removeIf(
                                    part ->
                                            part.stream().equals(stream)
                                                    && part.expected() == expected);
                    boolean nothingToDelete = write.deletes() && actual == 0;
                    if (!asked
                            || expected == actual
                            || (expected == Write.ANY && !nothingToDelete)) {
                        flaws.add("refused for what was not asked: " + attempt);
                    }
                    if (log.deletedAt(stream, actual)) {
                        flaws.add("refused for the version of a deletion: " + attempt);
                    }
                    see(versions, stream, actual);
                }
                case Failed.Tagged(var positions) -> told = positions;
            }
        }
        for (Write.Part part : passed) {
            boolean onceDeleted = log.deletedFrom(part.stream(), 1) != Write.NEVER;
            // Then it was absent at several times, and which one this was cannot be told.
            if (part.expected() != Write.ANY && !(part.expected() == 0 && onceDeleted)) {
                see(versions, part.stream(), part.expected());
            }
        }
        if (failed.isEmpty()) {
            flaws.add("refused for no reason: " + attempt);
        }
        moments.saw(attempt, versions);
        requireTagged(attempt, told, flaws, moments);
    }

    /** It is decided at one moment, and what deleted the stream may be looked up at a later one. */
    private void requireDeleted(
            Operation.Append attempt, Optional<UUID> id, List<String> flaws, Moments moments) {
        List<Logged> tombstones =
                write.parts().stream()
                        .filter(part -> part.expected() != 0)
                        .flatMap(part -> log.stream(part.stream()).stream())
                        .filter(Logged::tombstone)
                        .filter(event -> id.isEmpty() || event.id().equals(id.get()))
                        .toList();
        if (tombstones.isEmpty()) {
            flaws.add("refused for a deletion that there is not: " + attempt);
            return;
        }
        id.ifPresent(_ -> moments.saw(attempt, log.whileDeletedBy(tombstones.getFirst())));
        if (!found.isEmpty()) {
            moments.wasMissing(attempt, found.getFirst().position());
        }
    }

    private void requireTagged(
            Operation.Append attempt, List<Long> told, List<String> flaws, Moments moments) {
        List<Long> tagged = log.tagged(write.tag(), write.failIfAfter());
        if (!told.equals(tagged.stream().limit(told.size()).toList())) {
            flaws.add("events with its tag are at %s: %s".formatted(tagged, attempt));
            return;
        }
        Sight sight = new Sight();
        if (!told.isEmpty()) {
            sight.there(told.getLast());
        }
        if (told.size() < MOST_POSITIONS && told.size() < tagged.size()) {
            sight.missing(tagged.get(told.size()));
        }
        moments.saw(attempt, sight);
    }

    private void see(Sight sight, String stream, long version) {
        sight.there(log.cameTo(stream, version)).missing(log.cameTo(stream, version + 1));
    }

    /**
     * The attempt that wrote it: the one that was told so, else the first that can have. A repeat
     * proves that there was another.
     */
    private Optional<Operation.Append> writer() {
        return attempts.stream()
                .filter(WriteCheck::wrote)
                .findFirst()
                .or(
                        () ->
                                attempts.stream()
                                        .filter(each -> each.outcome() instanceof Outcome.Unknown)
                                        .min(
                                                Comparator.comparingLong(
                                                        each -> each.span().began())));
    }

    private static boolean wrote(Operation.Append attempt) {
        return attempt.outcome() instanceof Accepted(_, boolean repeated) && !repeated;
    }

    /** What must be found, if its first event is at {@code position}. */
    private List<Logged> wholeAt(long position) {
        List<Logged> whole = new ArrayList<>();
        for (Write.Part part : write.parts()) {
            Logged first = log.event(part.ids().getFirst());
            long version = first == null ? 0 : first.version();
            for (int i = 0; i < part.ids().size(); i++) {
                whole.add(
                        new Logged(
                                position + whole.size(),
                                part.stream(),
                                version + i,
                                part.ids().get(i),
                                write.tag(),
                                write.deletes()));
            }
        }
        return whole;
    }

    /** Where its parts are in the log. */
    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        int next = 0;
        for (Write.Part part : write.parts()) {
            Logged first = found.get(next);
            next += part.ids().size();
            Logged last = found.get(next - 1);
            places.add(
                    new Place(
                            part.stream(),
                            first.version(),
                            last.version(),
                            first.position(),
                            last.position()));
        }
        return places;
    }

    private Write.Part part(String stream) {
        return write.parts().stream()
                .filter(part -> part.stream().equals(stream))
                .findFirst()
                .orElseThrow();
    }
}
