package dev.stele.publish;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs one task after the other, in order, on threads that are shared with others. */
final class OneAfterAnother implements Executor {

    private final Executor threads;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    OneAfterAnother(Executor threads) {
        this.threads = threads;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
        if (!running) {
            running = true;
            threads.execute(this::runNext);
        }
    }

    private void runNext() {
        try {
            next().run();
        } finally {
            goOn();
        }
    }

    private synchronized Runnable next() {
        return tasks.remove();
    }

    /** Behind the tasks of others, so that nobody keeps a thread to himself. */
    private synchronized void goOn() {
        running = !tasks.isEmpty();
        if (running) {
            threads.execute(this::runNext);
        }
    }
}
