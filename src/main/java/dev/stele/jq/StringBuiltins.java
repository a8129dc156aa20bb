package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** Builtins of strings. */
final class StringBuiltins {
    private static final int REPLACEMENT = 0xfffd;

    private StringBuiltins() {}

    static void register() {
        Builtins.function("utf8bytelength", StringBuiltins::utf8Length);
        Builtins.function("explode", StringBuiltins::exploded);
        Builtins.function("implode", StringBuiltins::imploded);
        letters("ascii_downcase", c -> c >= 'A' && c <= 'Z' ? c + 32 : c);
        letters("ascii_upcase", c -> c >= 'a' && c <= 'z' ? c - 32 : c);
        copy("trim", text -> trimmed(text, true, true));
        copy("ltrim", text -> trimmed(text, true, false));
        copy("rtrim", text -> trimmed(text, false, true));
        Builtins.function("startswith", (_, in, part) -> Json.of(text(in).startsWith(text(part))));
        Builtins.function("endswith", (_, in, part) -> Json.of(text(in).endsWith(text(part))));
        Builtins.function("ltrimstr", StringBuiltins::withoutStart);
        Builtins.function("rtrimstr", StringBuiltins::withoutEnd);
        Builtins.function(
                "split",
                (budget, in, separator) -> Arithmetic.split(budget, text(in), text(separator)));
        Builtins.function("join", StringBuiltins::joined);
        Builtins.register("match/2", Regex::match);
    }

    private static String text(JsonNode value) {
        return Json.requireText(value, "used as a string");
    }

    private static JsonNode utf8Length(Budget budget, JsonNode in) {
        String text = text(in);
        budget.makeChars(text.length());
        return Numbers.of(text.getBytes(StandardCharsets.UTF_8).length);
    }

    private static JsonNode exploded(Budget budget, JsonNode in) {
        String text = text(in);
        budget.make(24L * text.length());
        ArrayNode points = Json.NODES.arrayNode();
        text.codePoints().forEach(point -> points.add(Numbers.of(point)));
        return points;
    }

    private static JsonNode imploded(Budget budget, JsonNode in) {
        ArrayNode points = Json.requireArray(in, "imploded");
        budget.makeChars(2L * points.size());
        StringBuilder text = new StringBuilder(points.size());
        for (JsonNode point : points) {
            if (!point.isNumber()) {
                throw new Signal.Raised(Json.preview(point) + " is not a code point");
            }
            int code = (int) point.doubleValue();
            boolean isText = Character.isValidCodePoint(code) && !isSurrogate(code);
            text.appendCodePoint(isText ? code : REPLACEMENT);
        }
        return Json.text(text.toString());
    }

    private static boolean isSurrogate(int code) {
        return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
    }

    private static String trimmed(String text, boolean atStart, boolean atEnd) {
        int from = 0;
        int upTo = text.length();
        while (atStart && from < upTo && isSpace(text.charAt(from))) {
            from++;
        }
        while (atEnd && from < upTo && isSpace(text.charAt(upTo - 1))) {
            upTo--;
        }
        return text.substring(from, upTo);
    }

    /** Unicode's White_Space, as jq has it, and not what Java calls so. */
    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    private static void letters(String name, IntUnaryOperator change) {
        copy(
                name,
                text -> {
                    char[] chars = text.toCharArray();
                    for (int i = 0; i < chars.length; i++) {
                        chars[i] = (char) change.applyAsInt(chars[i]);
                    }
                    return new String(chars);
                });
    }

    private static void copy(String name, UnaryOperator<String> change) {
        Builtins.function(
                name,
                (budget, in) -> {
                    String text = text(in);
                    budget.makeChars(2L * text.length());
                    return Json.text(change.apply(text));
                });
    }

    private static JsonNode withoutStart(Budget budget, JsonNode in, JsonNode part) {
        boolean starts =
                in.isTextual() && part.isTextual() && in.textValue().startsWith(part.textValue());
        if (!starts) {
            return in;
        }
        budget.makeChars(in.textValue().length());
        return Json.text(in.textValue().substring(part.textValue().length()));
    }

    private static JsonNode withoutEnd(Budget budget, JsonNode in, JsonNode part) {
        boolean ends =
                in.isTextual() && part.isTextual() && in.textValue().endsWith(part.textValue());
        if (!ends) {
            return in;
        }
        String text = in.textValue();
        budget.makeChars(text.length());
        return Json.text(text.substring(0, text.length() - part.textValue().length()));
    }

    /** Null counts as the empty string. */
    private static JsonNode joined(Budget budget, JsonNode in, JsonNode separator) {
        ArrayNode parts = Json.requireArray(in, "joined");
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            if (part.isContainerNode()) {
                throw new Signal.Raised(Json.preview(part) + " cannot be joined");
            }
            String between = i == 0 ? "" : text(separator);
            String text = part.isNull() ? "" : Json.plain(part);
            budget.makeChars(2L * ((long) between.length() + text.length()));
            joined.append(between).append(text);
        }
        return Json.text(joined.toString());
    }
}
