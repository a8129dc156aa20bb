package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@code match}, on RE2: time is linear in the text, and the text counts as steps when read. */
final class Regex {
    private static final int MAX_PATTERN_CHARS = 1_000;
    private static final int MAX_CACHED = 256;
    private static final int MADE_BYTES_PER_STATE = 200;

    /** RE2 follows all states of a regex at once: a character costs more in a large one. */
    private static final int STATES_PER_STEP = 16;

    private static final Map<Source, Compiled> CACHE = new ConcurrentHashMap<>();

    private Regex() {}

    private record Source(String pattern, int flags) {}

    private record Compiled(Pattern pattern, int size) {}

    /** Text whose every reading is paid for, so that a long search ends like any other loop. */
    private record Metered(Budget budget, String text, int stepsPerChar) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.steps(stepsPerChar);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Filter match(List<Filter> arguments) {
        return (env, in, at, out) ->
                arguments
                        .get(1)
                        .run(
                                env,
                                in,
                                null,
                                (flags, _) ->
                                        arguments
                                                .get(0)
                                                .run(
                                                        env,
                                                        in,
                                                        null,
                                                        (pattern, _) ->
                                                                match(
                                                                        env.budget,
                                                                        in,
                                                                        pattern,
                                                                        flags,
                                                                        at,
                                                                        out)));
    }

    private static void match(
            Budget budget,
            JsonNode in,
            JsonNode pattern,
            JsonNode flags,
            @Nullable Path at,
            Filter.Out out) {
        String text = Json.requireText(in, "matched");
        String letters = flags.isNull() ? "" : Json.requireText(flags, "used as flags");
        RegexFlags how = RegexFlags.of(budget, letters);
        Compiled compiled = compiled(budget, Json.requireText(pattern, "used as a regex"), how);
        int stepsPerChar = 1 + compiled.size / STATES_PER_STEP;
        Matcher matcher = compiled.pattern.matcher(new Metered(budget, text, stepsPerChar));
        int start = 0;
        while (start <= text.length() && matcher.find(start)) {
            budget.step();
            boolean isEmpty = matcher.end() == matcher.start();
            start = isEmpty ? after(text, matcher.end()) : matcher.end();
            if (isEmpty && how.skipsEmpty()) {
                continue;
            }
            out.emit(found(budget, compiled.pattern, matcher, text), Path.ofComputed(at));
            if (!how.all()) {
                return;
            }
        }
    }

    /** The place of the next character: one beyond U+FFFF has two chars. */
    private static int after(String text, int place) {
        return place == text.length() ? place + 1 : text.offsetByCodePoints(place, 1);
    }

    private static Compiled compiled(Budget budget, String pattern, RegexFlags flags) {
        if (pattern.length() > MAX_PATTERN_CHARS) {
            throw new Signal.Raised("a regex has at most " + MAX_PATTERN_CHARS + " characters");
        }
        Source source = new Source(flags.plain(pattern), flags.options());
        Compiled cached = CACHE.get(source);
        if (cached != null) {
            return cached;
        }
        if (CACHE.size() >= MAX_CACHED) {
            CACHE.clear();
        }
        int size = RegexSize.of(source.pattern);
        budget.make((long) MADE_BYTES_PER_STATE * size);
        Compiled compiled = new Compiled(compile(source), size);
        CACHE.put(source, compiled);
        return compiled;
    }

    private static Pattern compile(Source source) {
        try {
            return Pattern.compile(source.pattern, source.flags);
        } catch (PatternSyntaxException e) {
            throw new Signal.Raised("this regex cannot be used: " + e.getDescription());
        }
    }

    /** Offsets and lengths count code points. A match of nothing captured nothing, right there. */
    private static ObjectNode found(Budget budget, Pattern pattern, Matcher matcher, String text) {
        ArrayNode captures = Json.NODES.arrayNode();
        String[] names = new String[matcher.groupCount() + 1];
        pattern.namedGroups().forEach((name, group) -> names[group] = name);
        for (int group = 1; group <= matcher.groupCount(); group++) {
            boolean isEmpty = matcher.end() == matcher.start();
            int from = isEmpty ? matcher.start() : matcher.start(group);
            int upTo = isEmpty ? matcher.start() : matcher.end(group);
            ObjectNode capture = part(budget, text, from, upTo);
            captures.add(capture.put("name", names[group]));
        }
        ObjectNode found = part(budget, text, matcher.start(), matcher.end());
        found.set("captures", captures);
        return found;
    }

    private static ObjectNode part(Budget budget, String text, int start, int end) {
        budget.makeFields(4);
        ObjectNode part = Json.NODES.objectNode();
        if (start < 0) {
            return part.put("offset", -1).put("length", 0).putNull("string");
        }
        budget.makeChars(end - start);
        budget.steps(start / 32);
        return part.put("offset", text.codePointCount(0, start))
                .put("length", text.codePointCount(start, end))
                .put("string", text.substring(start, end));
    }
}
