package dev.stele.job;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of jobs. */
@ConfigMapping(prefix = "stele.job")
interface JobConfig {

    /** Most jobs that one replica runs at once. */
    @WithDefault("2")
    int running();

    /** Pause between two rounds of telling how jobs are doing. */
    @WithDefault("1s")
    Duration round();

    /** How long nothing may be heard of a job's replica before the job is given up. */
    @WithDefault("15s")
    Duration goneAfter();

    /** How long the result of a job is kept. */
    @WithDefault("7d")
    Duration keep();

    /** Most old jobs that one round deletes. */
    @WithDefault("1000")
    int deleteMost();

    /** How often it is tried to write a result down while the database does not answer. */
    @WithDefault("10")
    int endRetries();

    /** Longest pause before it is tried again. */
    @WithDefault("5s")
    Duration endPauseMax();

    /** Longest wait for an answer of the database. */
    @WithDefault("15s")
    Duration answerTimeout();
}
