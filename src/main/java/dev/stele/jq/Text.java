package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Strings made of values: {@code tostring}, and the formats that {@code @} names. */
final class Text {
    private static final String SHELL_SEPARATOR = " ";
    private static final String UNRESERVED = "-_.~";

    private Text() {}

    /** Makes a string of a value, paying for it first. */
    @FunctionalInterface
    interface Format {
        Format PLAIN = Text::plain;

        String apply(Budget budget, JsonNode value);

        static @Nullable Format named(String name) {
            return switch (name) {
                case "text" -> PLAIN;
                case "json" -> Json::written;
                case "html" -> escaping(Text::html);
                case "uri" -> escaping(Text::uri);
                case "sh" -> (budget, value) -> row(budget, value, SHELL_SEPARATOR, Text::shell);
                case "csv" -> (budget, value) -> row(budget, value, ",", Text::csv);
                case "tsv" -> (budget, value) -> row(budget, value, "\t", Text::tsv);
                case "base64" -> escaping(Text::base64);
                case "base64d" -> escaping(Text::base64Decoded);
                default -> null;
            };
        }
    }

    /** Strings as they are, everything else as JSON. */
    static String plain(Budget budget, JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.written(budget, value);
    }

    static TextNode concatenated(Budget budget, List<String> parts) {
        long chars = 0;
        for (String part : parts) {
            chars += part.length();
        }
        budget.makeChars(chars);
        return TextNode.valueOf(String.join("", parts));
    }

    /** No escape makes more than nine characters of one. */
    private static Format escaping(UnaryOperator<String> escape) {
        return (budget, value) -> {
            String text = plain(budget, value);
            budget.makeChars(9L * text.length());
            return escape.apply(text);
        };
    }

    private static String row(
            Budget budget, JsonNode value, String separator, UnaryOperator<String> escape) {
        if (!value.isArray()) {
            if (separator.equals(SHELL_SEPARATOR)) {
                return cell(budget, value, separator, escape);
            }
            throw new Signal.Raised(Json.preview(value) + " cannot be formatted as a row");
        }
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            row.append(i == 0 ? "" : separator)
                    .append(cell(budget, value.get(i), separator, escape));
        }
        return row.toString();
    }

    private static String cell(
            Budget budget, JsonNode value, String separator, UnaryOperator<String> escape) {
        if (value.isContainerNode()) {
            throw new Signal.Raised(Json.preview(value) + " cannot be formatted within a row");
        }
        if (value.isNull() && !separator.equals(SHELL_SEPARATOR)) {
            return "";
        }
        budget.makeChars(value.isTextual() ? 6L * value.textValue().length() : 32);
        return value.isTextual() ? escape.apply(value.textValue()) : Json.plain(value);
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
    }

    private static String uri(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean asIs = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            if (asIs) {
                encoded.append(c);
            } else {
                encoded.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return encoded.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    private static String shell(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String csv(String text) {
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private static String tsv(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64Decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Signal.Raised("a string of " + text.length() + " characters is not base64");
        }
    }
}
