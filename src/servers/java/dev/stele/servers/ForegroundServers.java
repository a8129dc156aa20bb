package dev.stele.servers;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The program behind {@code ./mvnw -q -Pservers}: both servers until Ctrl-C, and on the standard
 * output the lines of shell that point a program at them.
 */
public final class ForegroundServers {

    private ForegroundServers() {}

    /** Argument: the project's folder. */
    public static void main(String... arguments) {
        Session session = Session.claim(Path.of(arguments[0]));
        Servers servers = session.start(Set.of(Servers.Kind.values()));
        String assignments =
                servers.configuration().entrySet().stream()
                        .map(ForegroundServers::assignment)
                        .collect(Collectors.joining());
        Path file = session.write("servers.env", assignments);
        System.out.print(assignments);
        System.out.println(
                "# In another terminal: . " + file + " (Ctrl-C here stops both servers)");
        throw servers.awaitFailure();
    }

    /** Quarkus reads {@code a.b.c} from {@code A_B_C}; no value has a character to quote. */
    private static String assignment(Map.Entry<String, String> property) {
        String name = property.getKey().toUpperCase(Locale.ROOT).replace('.', '_');
        return "export %s=%s%n".formatted(name, property.getValue());
    }
}
