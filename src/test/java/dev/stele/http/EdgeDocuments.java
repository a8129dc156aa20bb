package dev.stele.http;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Data of events at and around each limit of JSON. Each is a document with the one value that the
 * limit is about, at some place in some structure.
 */
final class EdgeDocuments {

    private static final int EVENT_BYTES = 1_048_576;

    /** What is around the data of an event that has nothing else. */
    private static final int ENVELOPE_BYTES = "{\"type\":\"A\",\"data\":}".length();

    private static final int[] NAME_LENGTHS = {
        255, 256, 8_191, 49_999, 50_000, 50_001, 60_000, 65_535, 65_536, 250_000
    };

    private final Random random;

    EdgeDocuments(Random random) {
        this.random = random;
    }

    /**
     * The data of an event.
     *
     * @param what the limit that it is about
     * @param accepted whether it is within
     * @param pointer to what is wrong, if that is a place within the data
     */
    record Document(String what, String data, boolean accepted, String pointer) {}

    /** The next one; all kinds come again and again. */
    Document next(int index) {
        return switch (index % 8) {
            case 0 -> name();
            case 1 -> number();
            case 2 -> nesting();
            case 3 -> text();
            case 4 -> wide();
            case 5 -> escapes();
            case 6 -> size();
            default -> mixed();
        };
    }

    private Document name() {
        int length = NAME_LENGTHS[random.nextInt(NAME_LENGTHS.length)] + random.nextInt(3) - 1;
        String name = any("n", "é", "日", "😀").repeat(length).substring(0, length & ~1);
        return placed("a name of " + length, "{\"" + name + "\":" + scalar() + "}");
    }

    private Document number() {
        String digits = digits(1 + random.nextInt(20));
        int exponent = 999 + random.nextInt(3);
        String number =
                switch (random.nextInt(8)) {
                    case 0 -> digits + any("e", "E") + any("", "+", "-") + exponent;
                    case 1 -> digits + "." + digits + "e" + any("", "+", "-") + exponent;
                    case 2 -> "0" + any("", ".0", ".000") + "e" + any("", "-") + exponent;
                    case 3 -> digits(998 + random.nextInt(4));
                    case 4 -> "0." + digits(996 + random.nextInt(4));
                    case 5 -> digits(990 + random.nextInt(6)) + any("e1000", "e-1000", "E+1000");
                    case 6 -> any("0", "0.0", "0e0", "9007199254740993", "9223372036854775808");
                    default ->
                            digits
                                    + "e"
                                    + any(
                                            "-2147483648",
                                            "2147483647",
                                            "-2147483649",
                                            "99999999999");
                };
        String signed = (random.nextBoolean() ? "-" : "") + number;
        String[] parts = signed.split("[eE]", -1);
        boolean accepted =
                signed.length() <= 1_000
                        && (parts.length == 1 || Math.abs(Double.parseDouble(parts[1])) <= 1_000);
        return placed("the number " + shortened(signed), signed, accepted, "");
    }

    /** Some of the levels are those of the place. */
    private Document nesting() {
        int depth = 255 + random.nextInt(3);
        StringBuilder open = new StringBuilder();
        StringBuilder close = new StringBuilder();
        StringBuilder pointer = new StringBuilder();
        boolean objects = random.nextBoolean();
        for (int i = 0; i < depth; i++) {
            boolean object = random.nextInt(8) == 0 ? !objects : objects;
            open.append(object ? "{\"a\":" : "[");
            close.insert(0, object ? "}" : "]");
            if (i < 256) {
                pointer.append(object ? "/a" : "/0");
            }
        }
        return new Document(
                "nesting of " + depth,
                open + any("1", "\"x\"", "null") + close,
                depth <= 256,
                pointer.toString());
    }

    private Document text() {
        String piece = any("x", "é", "日", "😀", "\\n", "\\u0001", "\\\"", " ");
        int bytes = piece.getBytes(StandardCharsets.UTF_8).length;
        int length = (random.nextBoolean() ? 20_000 : EVENT_BYTES - 100) / bytes;
        return placed(
                "a text of %d times %s".formatted(length, piece),
                "\"" + piece.repeat(length) + "\"");
    }

    private Document wide() {
        String element =
                any("1", "0.5", "[]", "{}", "null", "\"\"", "1e3", "-1.25e-7", "{\"a\":[]}");
        int room = random.nextBoolean() ? 100_000 : EVENT_BYTES - 100;
        int count = room / (element.length() + 1);
        String elements =
                IntStream.range(0, count).mapToObj(_ -> element).collect(Collectors.joining(","));
        return placed("%d times %s".formatted(count, element), "[" + elements + "]");
    }

    private Document escapes() {
        String text =
                any(
                        "\\ud83d\\ude00",
                        "\\u007f\\u0080\\uffff",
                        "\\/\\b\\f\\r\\t",
                        "\\ud800",
                        "\\udc00",
                        "\\udc00\\ud800",
                        "\\ud83dx",
                        "\\u0000",
                        "a\\u0000b");
        boolean accepted = text.startsWith("\\ud83d\\ude00") || text.matches(".*(007f|b\\\\f).*");
        return placed("the text " + text, "\"" + text + "\"", accepted, "");
    }

    /** The largest event, or one byte more; that is no flaw but a limit, without a pointer. */
    private Document size() {
        int over = random.nextInt(2);
        String data = "\"" + "x".repeat(EVENT_BYTES - ENVELOPE_BYTES - 2 + over) + "\"";
        return new Document("an event that is over by " + over, data, over == 0, "");
    }

    private Document mixed() {
        int members = 1 + random.nextInt(2_000);
        String object =
                IntStream.range(0, members)
                        .mapToObj(i -> "\"m%d\":%s".formatted(i, scalar()))
                        .collect(Collectors.joining(",", "{", "}"));
        return placed(members + " members", object);
    }

    private Document placed(String what, String value) {
        return placed(what, value, true, "");
    }

    private Document placed(String what, String value, boolean accepted, String pointer) {
        return switch (random.nextInt(4)) {
            case 0 -> new Document(what, "{\"a\":" + value + "}", accepted, "/a" + pointer);
            case 1 -> new Document(what, "[0," + value + "]", accepted, "/1" + pointer);
            case 2 ->
                    new Document(
                            what,
                            "[{\"b/~c\":{\"d\":" + value + "}}]",
                            accepted,
                            "/0/b~1~0c/d" + pointer);
            default -> new Document(what, value, accepted, pointer);
        };
    }

    private String scalar() {
        return any("1", "-0", "1.10", "1e-1000", "true", "null", "\"é\\n\"", "[]", "{}");
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        digits.append((char) ('1' + random.nextInt(9)));
        for (int i = 1; i < count; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String shortened(String text) {
        return text.length() < 60
                ? text
                : "%s… of %d characters".formatted(text.substring(0, 40), text.length());
    }
}
