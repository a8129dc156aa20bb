package dev.stele.http;

/**
 * Carries a problem from where it is found to {@link ProblemMapper}; thrown only in this package.
 */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
