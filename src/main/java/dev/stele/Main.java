package dev.stele;

import io.netty.channel.unix.Errors;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts the service, if its settings allow; with the argument {@value #MIGRATE} it brings the
 * schema up to date instead, and ends.
 *
 * <p>A person who starts it for the first time has probably forgotten something, and reads one line
 * that says what rather than the stack trace of whatever failed first. The lines go to the standard
 * error stream: logging starts with the service.
 */
@QuarkusMain
public final class Main {

    private static final String MIGRATE = "migrate";
    private static final int WRONG_SETTINGS = 2;
    private static final int DEFAULT_PORT = 8080;

    /** EADDRINUSE of Linux, as Netty has it. */
    private static final int ADDRESS_IN_USE = -98;

    private Main() {}

    public static void main(String... arguments) {
        List<String> problems = problems(List.of(arguments));
        if (problems.isEmpty()) {
            Quarkus.run(null, Main::ended, arguments);
        } else {
            problems.forEach(System.err::println);
            System.exit(WRONG_SETTINGS);
        }
    }

    private static List<String> problems(List<String> arguments) {
        SmallRyeConfig config = ConfigUtils.configBuilder().build();
        if (!LaunchMode.current().isProduction()) {
            // The addresses of the servers come from elsewhere, and later.
            return Limits.problems(config);
        }
        if (arguments.isEmpty()) {
            return both(Setting.problems(config), Limits.problems(config));
        }
        return arguments.equals(List.of(MIGRATE))
                ? both(Setting.databaseProblems(config), Limits.migrationProblems(config))
                : List.of("The only argument that there is: " + MIGRATE);
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /**
     * Says why the service did not start, or not go on: Quarkus leaves it to whoever handles its
     * end.
     */
    private static void ended(int exitCode, @Nullable Throwable failure) {
        if (failure != null) {
            tell(failure);
        }
        System.exit(exitCode);
    }

    private static void tellTaken(int port) {
        System.err.printf(
                "QUARKUS_HTTP_PORT: port %d is in use by another process."
                        + " Set another one. Example: QUARKUS_HTTP_PORT=8081%n",
                port);
    }

    private static void tell(Throwable failure) {
        switch (ExceptionUtil.getRootCause(failure)) {
            case QuarkusBindException taken -> tellTaken(taken.getPort());
            // Epoll's own, which the framework does not know.
            case Errors.NativeIoException refused when refused.expectedErr() == ADDRESS_IN_USE ->
                    tellTaken(
                            ConfigUtils.configBuilder()
                                    .build()
                                    .getOptionalValue("quarkus.http.port", Integer.class)
                                    .orElse(DEFAULT_PORT));
            case ConfigurationException wrong -> System.err.println(wrong.getMessage());
            case ConfigValidationException wrong -> System.err.println(wrong.getMessage());
            default -> failure.printStackTrace();
        }
    }
}
