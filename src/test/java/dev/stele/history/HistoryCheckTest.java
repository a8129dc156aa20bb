package dev.stele.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.history.Outcome.Accepted;
import dev.stele.history.Outcome.Conflict;
import dev.stele.history.Outcome.Deleted;
import dev.stele.history.Outcome.Failed;
import dev.stele.history.Outcome.NotDone;
import dev.stele.history.Outcome.Place;
import dev.stele.history.Outcome.Unknown;
import dev.stele.history.Write.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Histories made by hand: those that can have happened have no flaw, and the others have one. */
class HistoryCheckTest {

    private final List<Logged> log = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Long> versions = new HashMap<>();

    @Test
    void what_happened_one_after_the_other_is_flawless() {
        appended(1, 2, write("a", 0, 1, 2));
        appended(3, 4, write("b", Write.ANY, 3));
        appended(5, 6, write("a", 2, 4));
        did(new Operation.StreamHead(span(7, 8), "a", 3));
        did(new Operation.LogHead(span(7, 8), 4));
        did(new Operation.StreamPage(span(7, 8), "a", 2, List.of(log.get(1), log.get(3)), true));
        did(new Operation.LogPage(span(7, 8), 1, log.subList(1, 4), true));
        did(new Operation.StreamHead(span(7, 8), "c", 0));
        did(new Operation.Unanswered(span(7, 8), "/"));

        requireFlawless();
    }

    @Test
    void what_happened_at_the_same_time_may_have_happened_in_any_order() {
        Write first = write("a", 0, 1);
        Write second = write("b", 0, 2);
        did(append(1, 4, second, accepted(2, "b", 1)));
        did(append(2, 3, first, accepted(1, "a", 1)));
        store(first);
        store(second);
        did(new Operation.LogHead(span(2, 4), 1));
        did(new Operation.StreamHead(span(3, 5), "b", 0));
        did(new Operation.StreamHead(span(1, 2), "a", 1));

        requireFlawless();
    }

    @Test
    void an_append_of_unknown_outcome_may_be_there() {
        Write write = write("a", 0, 1);
        did(append(1, 2, write, new Unknown()));
        did(new Operation.LogHead(span(3, 4), 0));
        store(write);
        did(new Operation.LogHead(span(5, 6), 1));

        requireFlawless();
    }

    @Test
    void an_append_of_unknown_outcome_may_not_be_there() {
        did(append(1, 2, write("a", 0, 1), new Unknown()));

        requireFlawless();
    }

    @Test
    void a_repeat_of_an_append_of_unknown_outcome_may_find_it() {
        Write write = write("a", 0, 1);
        did(append(1, 2, write, new Unknown()));
        store(write);
        did(append(3, 4, write, new Accepted(places(write), true)));

        requireFlawless();
    }

    @Test
    void a_refusal_may_tell_of_any_moment_while_it_lasted() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, write("a", 1, 2));
        did(refused(1, 4, write("a", 7, 3), new Failed.AtVersion("a", 7, 1)));
        did(refused(2, 3, write("a", 7, 4), new Failed.AtVersion("a", 7, 1)));
        did(refused(3, 5, write("a", 7, 5), new Failed.AtVersion("a", 7, 2)));

        requireFlawless();
    }

    @Test
    void a_refusal_for_a_tag_tells_the_events_that_were_there() {
        appended(1, 2, tagged("t", "a", 1));
        appended(5, 6, tagged("t", "b", 2));
        did(refused(3, 4, guarded("t", 0, "c", 3), new Failed.Tagged(List.of(1L))));
        did(refused(3, 6, guarded("t", 0, "c", 4), new Failed.Tagged(List.of(1L, 2L))));

        requireFlawless();
    }

    @Test
    void what_was_acknowledged_must_be_in_the_log() {
        did(append(1, 2, write("a", 0, 1), accepted(1, "a", 1)));

        requireFlaw("acknowledged, and not in the log");
    }

    @Test
    void what_was_acknowledged_must_be_where_the_answer_says() {
        appended(1, 2, write("a", 0, 1));
        Write write = write("b", 0, 2);
        store(write);
        did(append(3, 4, write, accepted(3, "b", 1)));

        requireFlaw("acknowledged at another place");
    }

    @Test
    void what_was_refused_must_not_be_in_the_log() {
        Write write = write("a", 0, 1);
        did(append(1, 2, write, new NotDone()));
        did(refused(3, 4, write, new Failed.AtVersion("a", 0, 1)));
        store(write);

        requireFlaw("nobody can have written it");
    }

    @Test
    void what_nobody_sent_must_not_be_in_the_log() {
        store(write("a", 0, 1));

        requireFlaw("nobody sent");
    }

    @Test
    void positions_have_no_gap() {
        appended(1, 2, write("a", 0, 1));
        log.add(new Logged(3, "a", 2, id(2), "none", false));

        requireFlaw("position 2 and version 2 of its stream should come next");
    }

    @Test
    void versions_have_no_gap() {
        appended(1, 2, write("a", 0, 1));
        log.add(new Logged(2, "a", 3, id(2), "none", false));

        requireFlaw("position 2 and version 2 of its stream should come next");
    }

    @Test
    void nothing_is_there_twice() {
        Write write = write("a", Write.ANY, 1);
        did(append(1, 2, write, new Unknown()));
        store(write);
        store(write);

        requireFlaw("the same id twice");
    }

    @Test
    void an_append_is_there_as_a_whole() {
        did(append(1, 2, write("a", 0, 1, 2), new Unknown()));
        store(write("a", 0, 1));

        requireFlaw("in part, or not as it was sent");
    }

    @Test
    void the_events_of_an_append_stand_together_in_the_log() {
        did(append(1, 2, write("a", 0, 1, 3), new Unknown()));
        did(append(1, 2, write("b", 0, 2), new Unknown()));
        store(write("a", 0, 1));
        store(write("b", 0, 2));
        store(write("a", 1, 3));

        requireFlaw("in part, or not as it was sent");
    }

    @Test
    void an_append_is_in_the_stream_that_it_was_sent_to() {
        did(append(1, 2, write("a", 0, 1), new Unknown()));
        store(write("b", 0, 1));

        requireFlaw("in part, or not as it was sent");
    }

    @Test
    void an_append_comes_right_behind_the_version_that_it_expects() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, write("a", 0, 2));

        requireFlaw("expected another version");
    }

    @Test
    void an_append_does_not_come_behind_an_event_that_it_must_not_come_behind() {
        appended(1, 2, tagged("t", "a", 1));
        appended(3, 4, guarded("t", 1, "b", 2));
        requireFlawless();

        appended(5, 6, guarded("t", 1, "b", 3));
        requireFlaw("which it must not be");
    }

    @Test
    void an_append_that_ended_before_another_one_began_has_the_smaller_position() {
        Write first = write("a", 0, 1);
        Write second = write("b", 0, 2);
        did(append(3, 4, second, accepted(1, "b", 1)));
        did(append(1, 2, first, accepted(2, "a", 1)));
        store(second);
        store(first);

        requireFlaw("but not at the beginning of a later one");
    }

    @Test
    void an_append_is_accepted_once_as_a_new_one() {
        Write write = write("a", 0, 1);
        appended(1, 2, write);
        did(append(1, 2, write, new Accepted(places(write), false)));

        requireFlaw("accepted twice as a new one");
    }

    @Test
    void nothing_is_a_repeat_at_first_sight() {
        Write write = write("a", 0, 1);
        store(write);
        did(append(1, 2, write, new Accepted(places(write), true)));

        requireFlaw("nobody can have written it");
    }

    @Test
    void nothing_is_a_repeat_of_what_comes_later() {
        Write write = write("a", 0, 1);
        store(write);
        did(append(1, 2, write, new Accepted(places(write), true)));
        did(append(3, 4, write, new Unknown()));

        requireFlaw("but not at the beginning of a later one");
    }

    @Test
    void a_refusal_does_not_tell_of_the_time_before_it_was_asked() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, write("a", 1, 2));
        did(refused(5, 6, write("a", 7, 3), new Failed.AtVersion("a", 7, 1)));

        requireFlaw("but not at the beginning of a later one");
    }

    @Test
    void a_refusal_does_not_tell_of_the_time_after_its_answer() {
        did(refused(1, 2, write("a", 7, 3), new Failed.AtVersion("a", 7, 1)));
        appended(3, 4, write("a", 0, 1));

        requireFlaw("but not at the beginning of a later one");
    }

    @Test
    void a_refusal_does_not_tell_of_a_version_that_never_was() {
        did(refused(1, 2, write("a", 7, 3), new Failed.AtVersion("a", 7, 1)));

        requireFlaw("saw what is not in the log");
    }

    @Test
    void a_refusal_has_a_reason() {
        appended(1, 2, write("a", 0, 1));
        did(refused(3, 4, write("a", 1, 2), new Failed.AtVersion("a", 1, 1)));
        requireFlaw("refused for what was not asked");

        operations.removeLast();
        did(refused(3, 4, write("a", 1, 2)));
        requireFlaw("refused for no reason");
    }

    @Test
    void a_refusal_lists_every_check_that_failed() {
        appended(1, 2, write("a", 0, 1));
        Write both = Write.events(List.of(part("a", 7, 2), part("b", 7, 3)), "none", Write.NEVER);
        did(refused(3, 4, both, new Failed.AtVersion("a", 7, 1)));

        requireFlaw("saw what is not in the log");
    }

    @Test
    void a_refusal_tells_of_two_streams_at_one_moment() {
        appended(1, 10, write("a", 0, 1));
        appended(1, 10, write("b", 0, 2));
        appended(1, 10, write("a", 1, 3));
        Write both = Write.events(List.of(part("a", 7, 4), part("b", 7, 5)), "none", Write.NEVER);
        did(refused(1, 10, both, new Failed.AtVersion("a", 7, 2), new Failed.AtVersion("b", 7, 0)));

        requireFlaw("which came before or with it");
    }

    @Test
    void a_refusal_for_a_tag_leaves_out_no_event() {
        appended(1, 2, tagged("t", "a", 1));
        appended(3, 4, tagged("t", "b", 2));
        did(refused(5, 6, guarded("t", 0, "c", 3), new Failed.Tagged(List.of(1L))));
        requireFlaw("but not at the beginning of a later one");

        operations.removeLast();
        did(refused(5, 6, guarded("t", 0, "c", 3), new Failed.Tagged(List.of(2L))));
        requireFlaw("events with its tag are at [1, 2]");
    }

    @Test
    void a_read_shows_what_was_acknowledged_before_it_began() {
        appended(1, 2, write("a", 0, 1));

        for (Operation late :
                List.of(
                        new Operation.StreamHead(span(3, 4), "a", 0),
                        new Operation.LogHead(span(3, 4), 0),
                        new Operation.LogPage(span(3, 4), 0, List.of(), true),
                        new Operation.StreamPage(span(3, 4), "a", 1, List.of(), true))) {
            did(late);
            requireFlaw("but not at the beginning of a later one");
            operations.removeLast();
        }
    }

    @Test
    void a_read_shows_nothing_that_is_not_in_the_log() {
        appended(1, 2, write("a", 0, 1));
        Logged other = new Logged(2, "a", 2, id(2), "none", false);

        for (Operation wrong :
                List.of(
                        new Operation.LogPage(span(3, 4), 1, List.of(other), false),
                        new Operation.StreamPage(span(3, 4), "a", 2, List.of(other), false))) {
            did(wrong);
            requireFlaw("where there was read");
            operations.removeLast();
        }
        did(new Operation.LogHead(span(3, 4), 2));
        requireFlaw("saw what is not in the log");
    }

    @Test
    void a_page_leaves_nothing_out() {
        appended(1, 2, write("a", 0, 1, 2, 3));
        did(new Operation.StreamPage(span(3, 4), "a", 1, List.of(log.get(0), log.get(2)), true));

        requireFlaw("where there was read");
    }

    @Test
    void no_read_shows_less_than_an_earlier_one() {
        Write write = write("a", 0, 1);
        did(append(1, 9, write, new Unknown()));
        store(write);
        did(new Operation.LogHead(span(2, 3), 1));
        did(new Operation.StreamHead(span(4, 5), "a", 0));

        requireFlaw("but not at the beginning of a later one");
    }

    @Test
    void no_read_shows_a_part_of_an_append() {
        appended(1, 9, write("a", 0, 1, 2));
        did(new Operation.StreamHead(span(2, 3), "a", 1));

        requireFlaw("which came before or with it");
    }

    @Test
    void a_flaw_names_the_operations_with_their_times_and_ids() {
        appended(1_000_000, 2_000_000, write("a", 0, 1));
        did(new Operation.StreamHead(span(3_500_000, 4_000_000), "a", 0));

        requireFlaw("client 1 from 1.000 to 2.000 ms");
        requireFlaw("client 1 from 3.500 to 4.000 ms");
        requireFlaw(id(1).toString());
    }

    @Test
    void a_deleted_stream_is_started_again_behind_its_deletion() {
        appended(1, 2, write("a", 0, 1, 2));
        appended(3, 4, deletion("a", 2, 3));
        did(new Operation.DeletedStream(span(5, 6), "a", id(3)));
        did(append(5, 6, write("a", Write.ANY, 4), new Deleted(Optional.of(id(3)))));
        did(append(5, 6, write("a", 3, 5), new Deleted(Optional.of(id(3)))));
        appended(7, 8, write("a", 0, 6, 7));
        did(new Operation.StreamHead(span(9, 10), "a", 5));
        did(new Operation.StreamPage(span(9, 10), "a", 1, log.subList(3, 5), true));
        did(append(5, 10, write("a", Write.ANY, 8), new Deleted(Optional.empty())));

        requireFlawless();
    }

    @Test
    void a_deletion_with_a_repeat_happens_once() {
        appended(1, 2, write("a", 0, 1));
        Write deletion = deletion("a", Write.ANY, 2);
        appended(3, 4, deletion);
        did(append(5, 6, deletion, new Accepted(places(deletion), true)));
        requireFlawless();

        did(append(7, 8, deletion, new Accepted(places(deletion), false)));
        requireFlaw("accepted twice as a new one");
    }

    @Test
    void nothing_is_appended_to_a_deleted_stream_unless_it_starts_it_again() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, deletion("a", 1, 2));
        appended(5, 6, write("a", Write.ANY, 3));

        requireFlaw("appended to a stream that was deleted or never there");
    }

    @Test
    void what_is_not_there_is_not_deleted() {
        appended(1, 2, deletion("a", Write.ANY, 1));

        requireFlaw("appended to a stream that was deleted or never there");
    }

    @Test
    void a_deleted_stream_is_not_read() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, deletion("a", 1, 2));
        did(new Operation.StreamHead(span(5, 6), "a", 2));

        requireFlaw("read at the version of a deletion");
    }

    @Test
    void what_was_deleted_before_a_stream_started_again_is_not_read() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, deletion("a", 1, 2));
        appended(5, 6, write("a", 0, 3));
        did(new Operation.StreamPage(span(7, 8), "a", 1, log.subList(0, 1), false));

        requireFlaw("there at the end of an operation");
    }

    @Test
    void a_refusal_for_a_deletion_tells_of_a_moment_while_it_lasted() {
        appended(1, 2, write("a", 0, 1));
        appended(3, 4, deletion("a", 1, 2));
        appended(5, 6, write("a", 0, 3));
        did(append(7, 8, write("a", Write.ANY, 4), new Deleted(Optional.of(id(2)))));

        requireFlaw("there at the end of an operation");
    }

    @Test
    void a_refusal_for_a_deletion_needs_one() {
        appended(1, 2, write("a", 0, 1));
        did(append(3, 4, write("a", Write.ANY, 2), new Deleted(Optional.empty())));

        requireFlaw("refused for a deletion that there is not");
    }

    @Test
    void a_stream_that_was_read_as_deleted_was_deleted_so() {
        appended(1, 2, write("a", 0, 1));
        did(new Operation.DeletedStream(span(3, 4), "a", id(1)));

        requireFlaw("nothing deleted the stream so");
    }

    private void requireFlawless() {
        assertEquals(List.of(), HistoryCheck.flaws(log, operations));
    }

    private void requireFlaw(String words) {
        List<String> flaws = HistoryCheck.flaws(log, operations);
        assertTrue(flaws.stream().anyMatch(flaw -> flaw.contains(words)), flaws::toString);
    }

    private void did(Operation operation) {
        operations.add(operation);
    }

    /** Is accepted, and comes next in the log. */
    private void appended(long began, long ended, Write write) {
        store(write);
        did(append(began, ended, write, new Accepted(places(write), false)));
    }

    /** Comes next in the log. */
    private void store(Write write) {
        for (Part part : write.parts()) {
            for (UUID id : part.ids()) {
                long version = versions.merge(part.stream(), 1L, Long::sum);
                log.add(
                        new Logged(
                                log.size() + 1,
                                part.stream(),
                                version,
                                id,
                                write.tag(),
                                write.deletes()));
            }
        }
    }

    /** Of a write to one stream that was the last to be stored. */
    private List<Place> places(Write write) {
        int events = write.parts().getFirst().ids().size();
        Logged first = log.get(log.size() - events);
        Logged last = log.getLast();
        return List.of(
                new Place(
                        first.stream(),
                        first.version(),
                        last.version(),
                        first.position(),
                        last.position()));
    }

    private static Outcome accepted(long position, String stream, long version) {
        return new Accepted(
                List.of(new Place(stream, version, version, position, position)), false);
    }

    private static Outcome conflict(Failed... failed) {
        return new Conflict(List.of(failed));
    }

    private static Operation append(long began, long ended, Write write, Outcome outcome) {
        return new Operation.Append(span(began, ended), write, outcome);
    }

    private static Operation refused(long began, long ended, Write write, Failed... failed) {
        return append(began, ended, write, conflict(failed));
    }

    private static Write write(String stream, long expected, int... ids) {
        return Write.events(List.of(part(stream, expected, ids)), "none", Write.NEVER);
    }

    private static Write deletion(String stream, long expected, int id) {
        return Write.deletion(stream, expected, "key", id(id));
    }

    private static Write tagged(String tag, String stream, int... ids) {
        return Write.events(List.of(part(stream, Write.ANY, ids)), tag, Write.NEVER);
    }

    private static Write guarded(String tag, long after, String stream, int... ids) {
        return Write.events(List.of(part(stream, Write.ANY, ids)), tag, after);
    }

    private static Part part(String stream, long expected, int... ids) {
        return new Part(
                stream, expected, Arrays.stream(ids).mapToObj(HistoryCheckTest::id).toList());
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }

    private static Span span(long began, long ended) {
        return new Span(1, began, ended);
    }
}
