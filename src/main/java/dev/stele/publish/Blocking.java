package dev.stele.publish;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work that blocks, on a thread where it may. */
final class Blocking {

    private Blocking() {}

    /**
     * Does something on one of some threads. Its failure travels as an item: one that nobody waits
     * for any more is no news, and would be logged as an error otherwise.
     */
    static <T extends @Nullable Object> Uni<T> on(Executor threads, Callable<T> work) {
        return Uni.createFrom()
                .<Supplier<T>>emitter(
                        emitter -> threads.execute(() -> emitter.complete(result(work))))
                .map(Supplier::get);
    }

    private static <T extends @Nullable Object> Supplier<T> result(Callable<T> work) {
        try {
            T item = work.call();
            return () -> item;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(new IllegalStateException(e));
        } catch (RuntimeException e) {
            return failed(e);
        } catch (Exception e) {
            return failed(new IllegalStateException(e));
        }
    }

    private static <T extends @Nullable Object> Supplier<T> failed(RuntimeException because) {
        return () -> {
            throw because;
        };
    }
}
