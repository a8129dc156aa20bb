package dev.stele.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Whether operations can have happened on a log, with the answers that they got. */
public final class HistoryCheck {

    private final FinalLog log;
    private final Moments moments;
    private final List<String> flaws = new ArrayList<>();

    private HistoryCheck(FinalLog log) {
        this.log = log;
        this.moments = new Moments(log);
    }

    /**
     * What is wrong, each with the operations that show it; nothing when all is well.
     *
     * @param log all of it, when nothing happens any more
     */
    public static List<String> flaws(List<Logged> log, Collection<Operation> operations) {
        List<String> holes = FinalLog.holes(log);
        return holes.isEmpty() ? new HistoryCheck(new FinalLog(log)).flaws(operations) : holes;
    }

    private List<String> flaws(Collection<Operation> operations) {
        Map<Write, List<Operation.Append>> attempts = new LinkedHashMap<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Append append) {
                attempts.computeIfAbsent(append.write(), _ -> new ArrayList<>()).add(append);
            }
        }
        requireSenders(attempts.keySet());
        List<WriteCheck> writes = new ArrayList<>();
        attempts.forEach((write, each) -> writes.add(new WriteCheck(log, write, each)));
        writes.forEach(write -> write.requirePlace(flaws, moments));
        writes.forEach(write -> write.requireOutcomes(flaws, moments));
        operations.forEach(this::requireRead);
        flaws.addAll(moments.flaws());
        return flaws;
    }

    private void requireSenders(Set<Write> writes) {
        Set<UUID> sent = new HashSet<>();
        writes.forEach(write -> write.ids().forEach(sent::add));
        for (Logged event : log.events()) {
            if (!sent.contains(event.id())) {
                flaws.add("nobody sent (%s)".formatted(event));
            }
        }
    }

    private void requireRead(Operation operation) {
        Sight sight = new Sight();
        switch (operation) {
            case Operation.StreamHead(_, var stream, long version) -> {
                if (log.deletedAt(stream, version)) {
                    flaws.add("read at the version of a deletion: " + operation);
                }
                sight.there(log.cameTo(stream, version)).missing(log.cameTo(stream, version + 1));
            }
            case Operation.DeletedStream(_, var stream, var id) -> {
                Logged tombstone = log.event(id);
                if (tombstone == null
                        || !tombstone.tombstone()
                        || !tombstone.stream().equals(stream)) {
                    flaws.add("nothing deleted the stream so: " + operation);
                    return;
                }
                sight = log.whileDeletedBy(tombstone);
            }
            case Operation.LogHead(_, long position) -> sight.there(position).missing(position + 1);
            case Operation.StreamPage page -> {
                long from = first(page);
                if (!page.events().isEmpty()) {
                    sight.missing(log.deletedFrom(page.stream(), from));
                }
                see(
                        sight,
                        page,
                        page.events(),
                        slice(log.stream(page.stream()), from - 1, page.events().size()),
                        page.last()
                                ? log.cameTo(page.stream(), from + page.events().size())
                                : Write.NEVER);
            }
            case Operation.LogPage page ->
                    see(
                            sight,
                            page,
                            page.events(),
                            slice(log.events(), page.after(), page.events().size()),
                            page.last() ? page.after() + page.events().size() + 1 : Write.NEVER);
            case Operation.Append _, Operation.Unanswered _ -> {}
        }
        moments.saw(operation, sight);
    }

    /** Its first version: the one that was asked for, unless a deletion lies there or behind. */
    private long first(Operation.StreamPage page) {
        long first = page.events().isEmpty() ? page.from() : page.events().getFirst().version();
        return first > page.from() && log.deletedAt(page.stream(), first - 1) ? first : page.from();
    }

    private void see(
            Sight sight, Operation page, List<Logged> seen, List<Logged> logged, long missing) {
        if (!seen.equals(logged)) {
            flaws.add("the log has %s where there was read: %s".formatted(logged, page));
            return;
        }
        if (!seen.isEmpty()) {
            sight.there(seen.getLast().position());
        }
        sight.missing(missing);
    }

    /** So many from there on, or as many as there are. */
    private static List<Logged> slice(List<Logged> all, long from, int count) {
        return all.stream().skip(from).limit(count).toList();
    }
}
