package dev.stele.jq;

import java.util.Random;

/**
 * Programs and inputs that jq 1.6 and this package must agree on: what docs/jq.md says to differ is
 * kept out. All of a program's parts speak of {@code $in}, so that they can stand anywhere.
 */
final class RandomPrograms {
    private static final String[] NUMBERS = {
        "0",
        "1",
        "2",
        "7",
        "42",
        "250.0",
        "2.5",
        "0.1",
        "1e-4",
        "1e-5",
        "1.25e-7",
        "1e15",
        "1e16",
        "1e17",
        "1.5e18",
        "12345678e4",
        "3.14159",
        "1e300",
        "99",
        "0.001"
    };
    private static final String[] STRINGS = {
        "",
        "a",
        "ab",
        "abcabc",
        "aXbX",
        "a,b,,c",
        " x y ",
        "12",
        "1e3",
        "é😀b",
        "<&>",
        "q\\\"w",
        "tab\\tnew\\nline",
        "\\u0001\\u007f",
        "Hello World",
        "foo-bar_baz",
        "aaa"
    };
    private static final String[] NAMES = {"n", "s", "a", "o", "x", "k1"};
    private static final String[] REGEXES = {
        "a",
        "b+",
        "[a-c]",
        "a|b",
        ",",
        "(?<x>[a-z])(?<y>[a-z])?",
        "o+",
        "([a-z])([A-Z])",
        "\\\\s",
        "\\\\d+",
        "[^a]+",
        "(?<w>\\\\w)-",
        "l{2}",
        "(a)(b)?"
    };

    private final Random random;

    RandomPrograms(Random random) {
        this.random = random;
    }

    String input() {
        return "{\"n\":%s,\"s\":\"%s\",\"a\":[%s,%s,%s],\"o\":{\"x\":%s,\"k1\":\"%s\"},\"m\":[%s,%s]}"
                .formatted(
                        number(), string(), number(), number(), number(), number(), string(),
                        scalar(), scalar());
    }

    String program() {
        return ". as $in | " + any(4);
    }

    private String number() {
        return pick(NUMBERS);
    }

    private String string() {
        return pick(STRINGS);
    }

    private String scalar() {
        return pick("null", "true", "false", number(), "\"" + string() + "\"", "[1,[2]]", "{}");
    }

    private String small() {
        return pick("0", "1", "2", "3", "-1", "-2");
    }

    private String any(int depth) {
        int left = depth - 1;
        if (depth == 0) {
            return pick("$in.n", "$in.s", "$in.a", "$in.o", "$in.m", "null", "$in", "true");
        }
        return switch (random.nextInt(14)) {
            case 0, 1 -> num(left);
            case 2, 3 -> text(left);
            case 4, 5 -> array(left);
            case 6, 7 -> object(left);
            case 8 -> truth(left);
            case 9 -> "(if %s then %s else %s end)".formatted(truth(left), any(left), any(left));
            case 10 -> "(([try %s catch null] | .[]) // %s)".formatted(any(left), any(left));
            case 11 -> "([try %s catch %s] | .[])".formatted(any(left), any(left));
            case 12 -> "(%s, %s)".formatted(any(left), any(left));
            default -> "(%s as [$p, $q] | [$q, $p, %s])".formatted(array(left), any(left));
        };
    }

    /** Never minus zero: that is zero here. */
    private String num(int depth) {
        int left = depth - 1;
        if (depth <= 0) {
            return pick("$in.n", "$in.a[0]", "$in.o.x", number(), "$in.n", "$in.m[1]");
        }
        return switch (random.nextInt(14)) {
            case 0 -> "(%s + %s)".formatted(num(left), num(left));
            case 1 -> "(%s - %s)".formatted(num(left), num(left));
            case 2 ->
                    "(%s * (%s|.) + 0)".formatted(pick("$in.n", "$in.o.x"), pick("2", "0.5", "10"));
            case 3 -> "(%s / ([%s] | .[0]) + 0)".formatted(num(left), pick("2", "3", "0", "0.1"));
            case 4 ->
                    "(%s | %s + 0)"
                            .formatted(
                                    num(left),
                                    pick("floor", "ceil", "round", "fabs", "fabs | sqrt"));
            case 5 -> "(%s | length)".formatted(any(left));
            case 6 -> "(%s | add)".formatted(array(left));
            case 7 ->
                    "(%s | %s)".formatted(array(left), pick("min", "max", "first", "last", ".[1]"));
            case 8 -> "(%s | tonumber)".formatted(text(left));
            case 9 -> "(reduce (%s)[] as $e (0; . + ($e | length)))".formatted(array(left));
            case 10 -> "(%s | tojson | fromjson)".formatted(num(left));
            case 11 -> "(%s | utf8bytelength)".formatted(text(left));
            default -> num(0);
        };
    }

    private String text(int depth) {
        int left = depth - 1;
        if (depth <= 0) {
            return pick("$in.s", "\"" + string() + "\"", "$in.o.k1", "$in.s");
        }
        return switch (random.nextInt(16)) {
            case 0, 1 -> "(%s | tostring)".formatted(any(left));
            case 2 -> "\"<\\(%s)-\\(%s)>\"".formatted(any(left), num(left));
            case 3 -> "(%s | %s)".formatted(text(left), pick("ascii_downcase", "ascii_upcase"));
            case 4 -> "(%s | .[%s:%s])".formatted(text(left), small(), small());
            case 5 -> "(%s | join(%s))".formatted(array(left), text(0));
            case 6 -> "(%s | %s)".formatted(any(left), pick("@json", "@text", "@html", "@base64"));
            case 7 ->
                    "([%s, %s] | %s)".formatted(num(left), text(left), pick("@csv", "@tsv", "@sh"));
            case 8 -> "(%s | %s(%s))".formatted(text(left), pick("ltrimstr", "rtrimstr"), text(0));
            case 9 -> "(%s + %s)".formatted(text(left), text(left));
            case 10 -> "(%s | gsub(\"%s\"; \"<\\(.x)>\"))".formatted(text(left), pick(REGEXES));
            case 11 ->
                    "(%s | sub(\"%s\"; %s; \"%s\"))"
                            .formatted(text(left), pick(REGEXES), text(0), pick("", "i", "g"));
            case 12 -> "(%s | explode | implode)".formatted(text(left));
            case 13 ->
                    "(%s | %s * (%s | .))".formatted(text(left), ".", pick("0", "1", "3", "1.5"));
            case 14 ->
                    "@uri \"q=\\(%s | tostring | gsub(\"[!*'()]\"; \"\"))\"".formatted(any(left));
            default -> "(%s | tojson)".formatted(any(left));
        };
    }

    private String truth(int depth) {
        int left = Math.max(0, depth - 1);
        return switch (random.nextInt(9)) {
            case 0, 1 ->
                    "(%s %s %s)"
                            .formatted(
                                    any(left), pick("==", "!=", "<", "<=", ">", ">="), any(left));
            case 2 ->
                    "(%s | test(\"%s\"; \"%s\"))"
                            .formatted(text(left), pick(REGEXES), pick("", "i", "s", "x", "p"));
            case 3 ->
                    "(%s | %s(%s))".formatted(text(left), pick("startswith", "endswith"), text(0));
            case 4 -> "(%s | contains(%s))".formatted(text(left), text(0));
            case 5 -> "(%s | has(%s))".formatted(object(left), text(0));
            case 6 -> "(%s %s %s | not)".formatted(any(left), pick("and", "or"), any(left));
            case 7 -> "(%s | %s(. == %s))".formatted(array(left), pick("any", "all"), num(left));
            default -> "(%s | inside(%s))".formatted(array(left), array(left));
        };
    }

    private String array(int depth) {
        int left = depth - 1;
        if (depth <= 0) {
            return pick("$in.a", "$in.m", "[" + number() + "," + number() + "]", "[]", "$in.a");
        }
        return switch (random.nextInt(20)) {
            case 0 -> "[%s, %s]".formatted(any(left), any(left));
            case 1, 2 ->
                    "(%s | %s)"
                            .formatted(array(left), pick("sort", "unique", "reverse", "flatten"));
            case 3 -> "[%s | .[] | %s, tostring]".formatted(array(left), pick(".", "type", "[.]"));
            case 4 ->
                    "(%s | group_by(%s))"
                            .formatted(array(left), pick("type", "tostring", "length"));
            case 5 -> "(%s | del(.[%s], .[%s]))".formatted(array(left), small(), small());
            case 6 -> "(%s | del(.[%s:], .[:%s]))".formatted(array(left), small(), small());
            case 7 -> "(%s | .[%s:%s])".formatted(array(left), small(), small());
            case 8 -> "(%s | split(%s))".formatted(text(left), text(0));
            case 9 ->
                    "[%s | match(\"%s\"; \"g\") | .offset, .length, .string]"
                            .formatted(text(left), pick(REGEXES));
            case 10 -> "[%s | scan(\"%s\")]".formatted(text(left), pick(REGEXES));
            case 11 ->
                    "(%s | %s)"
                            .formatted(object(left), pick("keys", "to_entries", "[paths]", "[..]"));
            case 12 -> "(%s - %s)".formatted(array(left), array(left));
            case 13 -> "(%s + %s)".formatted(array(left), array(left));
            case 14 -> "[limit(%s; %s | .[])]".formatted(pick("1", "2", "5"), array(left));
            case 15 ->
                    "(%s | %s = %s)"
                            .formatted(array(left), pick(".[0]", ".[1:]", ".[-1]"), any(left));
            case 16 -> "(%s | map(select(%s)))".formatted(array(left), truth(left));
            case 17 -> "[foreach (%s)[] as $e (0; . + 1; [., $e])]".formatted(array(left));
            case 18 ->
                    "[%s | test(\"%s\"), (capture(\"%s\"))]"
                            .formatted(text(left), pick(REGEXES), "(?<first>[a-z])(?<next>.)");
            default -> "(%s | sort_by(tostring) | unique_by(length))".formatted(array(left));
        };
    }

    private String object(int depth) {
        int left = depth - 1;
        String name = pick(NAMES);
        if (depth <= 0) {
            return pick("$in.o", "$in", "{}", "{a: 1, s: \"t\"}");
        }
        return switch (random.nextInt(11)) {
            case 0 -> "{%s: %s, \"k\\(%s)\": %s}".formatted(name, any(left), num(left), any(left));
            case 1 -> "(%s + %s)".formatted(object(left), object(left));
            case 2 -> "(%s * %s)".formatted(object(left), object(left));
            case 3 -> "(%s | del(.%s, .%s))".formatted(object(left), name, pick(NAMES));
            case 4 -> "(%s | .%s = %s)".formatted(object(left), name, any(left));
            case 5 ->
                    "(%s | .%s |= %s)"
                            .formatted(object(left), name, pick("tostring", "[.]", "type"));
            case 6 ->
                    "(%s | map_values(%s))"
                            .formatted(object(left), pick("tojson", "type", "[., .]"));
            case 7 -> "(%s | with_entries(.value |= tostring))".formatted(object(left));
            case 8 ->
                    "(%s | delpaths([[\"%s\"], [\"a\", 0], [\"a\", -1], [\"o\", \"x\"]]))"
                            .formatted(object(left), name);
            case 9 -> "(%s | .%s += %s)".formatted(object(left), name, num(left));
            default ->
                    "(%s | setpath([\"%s\", %s]; %s))"
                            .formatted(object(left), name, pick("0", "1", "\"z\""), any(left));
        };
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
