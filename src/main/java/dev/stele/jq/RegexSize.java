package dev.stele.jq;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * About how many states RE2 makes of a regex, found before it makes them.
 *
 * <p>RE2 unrolls {@code x{n}}, and nested repetitions multiply: a dozen characters can mean
 * gigabytes.
 */
final class RegexSize {
    private static final int MOST = 10_000;
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,6})(?:(,)(\\d{0,6}))?\\}");

    private final String regex;
    private final Deque<Integer> enclosing = new ArrayDeque<>();
    private int size;
    private int lastAtom;
    private int at;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    static int of(String regex) {
        RegexSize size = new RegexSize(regex);
        while (size.at < regex.length()) {
            size.readPart();
        }
        while (!size.enclosing.isEmpty()) {
            size.closeGroup();
        }
        return size.size;
    }

    private void readPart() {
        switch (regex.charAt(at)) {
            case '\\' -> {
                at += 2;
                atom(1);
            }
            case '[' -> {
                skipClass();
                atom(1);
            }
            case '(' -> {
                at++;
                enclosing.push(size);
                size = 0;
            }
            case ')' -> {
                at++;
                closeGroup();
            }
            case '{' -> repeat();
            default -> {
                at++;
                atom(1);
            }
        }
    }

    private void atom(int states) {
        lastAtom = states;
        grow(states);
    }

    private void closeGroup() {
        int inner = size + 2;
        size = enclosing.isEmpty() ? 0 : enclosing.pop();
        atom(inner);
    }

    private void repeat() {
        Matcher repetition = REPETITION.matcher(regex).region(at, regex.length());
        if (!repetition.lookingAt()) {
            at++;
            atom(1);
            return;
        }
        at = repetition.end();
        String most = repetition.group(3);
        boolean open = most == null || most.isEmpty();
        int times = Integer.parseInt(open ? repetition.group(1) : most);
        long repeated = (long) lastAtom * Math.max(1, times);
        lastAtom = (int) Math.min(repeated, MOST + 1);
        grow(lastAtom);
    }

    private void grow(int states) {
        size += states;
        if (size > MOST) {
            throw new Signal.Raised("this regex repeats too much");
        }
    }

    /** A class ends at the first bracket that is neither escaped nor the first. */
    private void skipClass() {
        at++;
        int first = at < regex.length() && regex.charAt(at) == '^' ? at + 1 : at;
        while (at < regex.length() && (regex.charAt(at) != ']' || at <= first)) {
            at += regex.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }
}
