package dev.stele.http;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What answers never say: words of the libraries, of the JDK, and of the database. */
final class OurWords {

    private static final Pattern OF_OTHERS =
            Pattern.compile(
                    String.join(
                            "|",
                            "REDACTED|StreamReadFeature|\\[Source|(?i:jackson)|fasterxml|JsonParse|CTRL-CHAR|\\(code"
                                + " \\d+",
                            "was expecting|Unexpected |Unrecognized |Illegal |start marker|close"
                                    + " marker|root-level",
                            "(?i:resteasy)|(?i:jakarta|javax)\\.|\\bjava\\.|io\\.(?i:vertx|netty|quarkus|smallrye)|(?i:vert\\.x|netty)",
                            "Exception|Throwable|\\bat [a-z.]+\\(|\\.java:\\d",
                            "For input string|Invalid UUID|could not be parsed|out of bounds|out of"
                                    + " range for|Cannot invoke",
                            "RESTEASY\\d|ERROR:|FATAL:|DETAIL:|relation \"|duplicate key"
                                    + " value|violates|invalid byte sequence",
                            "[Cc]onnection refused|localhost[/:]|127\\.0\\.0\\.1"));

    private OurWords() {}

    /** Requires that a problem document speaks of the service alone. */
    static void require(String problem) {
        Matcher found = OF_OTHERS.matcher(problem);
        assertFalse(found.find(), () -> "'%s' in %s".formatted(found.group(), problem));
    }
}
