package dev.stele.jq;

import com.google.re2j.Pattern;

/**
 * What the letters beside a regex mean.
 *
 * @param options of RE2
 * @param all {@code g}: every match, not only the first
 * @param skipsEmpty {@code n}: no match of nothing
 * @param extended {@code x}: white space and comments in the regex say nothing
 */
record RegexFlags(int options, boolean all, boolean skipsEmpty, boolean extended) {

    static RegexFlags of(Budget budget, String letters) {
        int options = 0;
        budget.steps(letters.length());
        for (int i = 0; i < letters.length(); i++) {
            options |=
                    switch (letters.charAt(i)) {
                        // One line is the way of RE2: "^" and "$" stand for the ends of the text.
                        case 'g', 'n', 'x', 's' -> 0;
                        case 'i' -> Pattern.CASE_INSENSITIVE;
                        case 'p' -> Pattern.DOTALL;
                        case 'l' -> Pattern.LONGEST_MATCH;
                        default ->
                                throw new Signal.Raised(
                                        "the regex flag " + letters.charAt(i) + " is not known");
                    };
        }
        return new RegexFlags(
                options,
                letters.indexOf('g') >= 0,
                letters.indexOf('n') >= 0,
                letters.indexOf('x') >= 0);
    }

    /** The regex as RE2 reads it. */
    String plain(String regex) {
        return extended ? withoutSpace(regex) : regex;
    }

    private static String withoutSpace(String regex) {
        StringBuilder plain = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\' && i + 1 < regex.length()) {
                plain.append(c).append(regex.charAt(++i));
            } else if (inClass || !(Character.isWhitespace(c) || c == '#')) {
                inClass = inClass ? c != ']' : c == '[';
                plain.append(c);
            } else if (c == '#') {
                int end = regex.indexOf('\n', i);
                i = end < 0 ? regex.length() : end;
            }
        }
        return plain.toString();
    }
}
