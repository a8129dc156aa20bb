package dev.stele.subscription;

import dev.stele.event.RecordedEvent;
import java.lang.ref.WeakReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An event that several subscriptions handle at about the same time, with what the first of them
 * made of it: programs of a hundred views parse it once. Kept no longer than somebody uses it, to
 * the next collection of garbage: a tree is many times as large as the text.
 */
public final class SharedEvent {

    private final RecordedEvent event;
    private @Nullable WeakReference<Object> parsed;

    public SharedEvent(RecordedEvent event) {
        this.event = event;
    }

    /** The event itself. */
    public RecordedEvent event() {
        return event;
    }

    /**
     * The event as programs read it. Whoever gets it must not change it.
     *
     * @param parse makes it, the same way for every caller
     */
    @SuppressWarnings("unchecked") // There is one parse for all of them.
    public synchronized <T> T parsed(Function<RecordedEvent, T> parse) {
        Object known = parsed == null ? null : parsed.get();
        if (known == null) {
            known = parse.apply(event);
            parsed = new WeakReference<>(known);
        }
        return (T) known;
    }
}
