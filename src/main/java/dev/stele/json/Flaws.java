package dev.stele.json;

import dev.stele.json.Parsed.Flaw;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a document: the first {@value #MAX} places. A document may have as many as it
 * has bytes, and its sender has enough with these.
 */
public final class Flaws {

    static final int MAX = 100;

    private final List<Flaw> first = new ArrayList<>();
    private int count;
    private long line;

    /** What is noted from here on is on this line of the body, counted from 1. */
    void atLine(long number) {
        line = number;
    }

    long line() {
        return line;
    }

    public void add(String pointer, String detail) {
        count++;
        if (first.size() < MAX) {
            first.add(new Flaw(line, pointer, detail));
        }
    }

    public boolean isEmpty() {
        return first.isEmpty();
    }

    /** How many were found, also beyond those that are told. */
    int count() {
        return count;
    }

    public <T> Parsed<T> invalid() {
        return new Parsed.Invalid<>(List.copyOf(first));
    }
}
