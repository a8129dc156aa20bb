package dev.stele.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * What makes a text no JSON, in words for its sender. Those of the library that found it speak of
 * the library.
 */
final class SyntaxErrors {

    /** What is found where the library says something; the first that it says counts. */
    private record Meaning(String said, String found) {}

    private static final List<Meaning> MEANINGS =
            List.of(
                    new Meaning("end-of-input", "an end that is too early"),
                    new Meaning("close marker", "a bracket that closes another kind"),
                    new Meaning("token '", "a word other than true, false and null"),
                    new Meaning("Leading zero", "a number with leading zeros"),
                    new Meaning("Invalid numeric", "a number that is malformed"),
                    new Meaning("Decimal point", "a number that is malformed"),
                    new Meaning("Exponent indicator", "a number that is malformed"),
                    new Meaning("minus sign", "a number that is malformed"),
                    new Meaning("unquoted character", "a control character that is not escaped"),
                    new Meaning("CTRL-CHAR", "a control character"),
                    new Meaning("character escape", "an escape that JSON does not have"));

    private SyntaxErrors() {}

    /** What was found, as the subject of "… stands at line 1". */
    static String found(JsonProcessingException error) {
        String said = String.valueOf(error.getOriginalMessage());
        return MEANINGS.stream()
                .filter(meaning -> said.contains(meaning.said()))
                .findFirst()
                .map(Meaning::found)
                .orElse("a character that cannot be there");
    }
}
