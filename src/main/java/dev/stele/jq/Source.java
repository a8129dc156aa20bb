package dev.stele.jq;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program as the tokenizer can read it, character for character: of jq's language, it knows
 * neither control characters in strings nor some of the ways to write a number.
 *
 * <p>In strings, noncharacters stand for control characters; {@link #original} gives these back.
 */
final class Source {
    /** The first of 32 code points that are never characters. */
    private static final char STAND_IN = '\ufdd0';

    private static final Pattern NUMBER =
            Pattern.compile("(0*)(\\d+)(\\.?)(\\d*)((?:[eE][-+]?\\d+)?)");

    /** Parentheses that are open, for each string's part to fill in that is open. */
    private final Deque<Integer> parentheses = new ArrayDeque<>();

    private final StringBuilder text;
    private boolean inString;
    private int open;

    private Source(String program) {
        this.text = new StringBuilder(program);
    }

    static String readable(String program) {
        return new Source(program).readable();
    }

    /** Of a character of a string; a program must not hold the stand-ins themselves. */
    static char original(char c) {
        return isStandIn(c) ? (char) (c - STAND_IN) : c;
    }

    static boolean isStandIn(char c) {
        return c >= STAND_IN && c < STAND_IN + ' ';
    }

    private String readable() {
        int at = 0;
        while (at < text.length()) {
            at = inString ? inString(at) : inCode(at);
        }
        return text.toString();
    }

    private int inString(int at) {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length()) {
            if (text.charAt(at + 1) == '(') {
                parentheses.push(open);
                open = 0;
                inString = false;
            }
            return at + 2;
        }
        inString = c != '"';
        if (c < ' ') {
            text.setCharAt(at, (char) (STAND_IN + c));
        }
        return at + 1;
    }

    private int inCode(int at) {
        char c = text.charAt(at);
        switch (c) {
            case '"' -> inString = true;
            case '(' -> open++;
            case ')' -> close();
            case '#' -> {
                int end = text.indexOf("\n", at);
                return end < 0 ? text.length() : end;
            }
            default -> {
                if (isDigit(c)) {
                    return number(at);
                }
                return Character.isLetter(c) || c == '_' ? afterName(at) : at + 1;
            }
        }
        return at + 1;
    }

    private void close() {
        if (open == 0 && !parentheses.isEmpty()) {
            open = parentheses.pop();
            inString = true;
        } else {
            open--;
        }
    }

    private int afterName(int at) {
        int end = at;
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    /**
     * {@code 01} becomes {@code 1}, {@code 1.} becomes {@code 1 }, and {@code 1.e2} {@code 1e2 }.
     */
    private int number(int at) {
        boolean isFraction = at > 0 && text.charAt(at - 1) == '.';
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            return at + 1;
        }
        int end = number.end();
        if (!isFraction) {
            boolean endsInPoint = !number.group(3).isEmpty() && number.group(4).isEmpty();
            String plain =
                    " ".repeat(number.group(1).length())
                            + number.group(2)
                            + (endsInPoint ? "" : number.group(3) + number.group(4))
                            + number.group(5)
                            + (endsInPoint ? " " : "");
            text.replace(at, end, plain);
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
