package dev.stele.jq;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParserConstants;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParserTokenManager;
import net.thisptr.jackson.jq.internal.javacc.SimpleCharStream;
import net.thisptr.jackson.jq.internal.javacc.TokenMgrError;

/** The words of a program, read by jackson-jq's tokenizer, and a place among them. */
final class Tokens {
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private final List<Word> words;
    private final int maxNesting;
    private int next;
    private int nesting;

    /** {@code kind} is one of {@link ExpressionParserConstants}. */
    record Word(int kind, String text, int line, int column) {

        /** Of {@code .name}, {@code $name}, {@code {name: …}}: keywords are names there too. */
        boolean isName() {
            return kind == ExpressionParserConstants.IDENTIFIER
                    || (!text.isEmpty() && Character.isLetter(text.charAt(0)));
        }

        Signal.Refusal refuse(String sentence) {
            return new Signal.Refusal(sentence, line, column);
        }
    }

    private Tokens(List<Word> words, int maxNesting) {
        this.words = words;
        this.maxNesting = maxNesting;
    }

    static Tokens read(String source, int maxNesting) {
        if (source.chars().anyMatch(c -> Source.isStandIn((char) c))) {
            throw new Signal.Refusal("a program has no code points U+FDD0 to U+FDEF", 0, 0);
        }
        var manager =
                new ExpressionParserTokenManager(
                        new SimpleCharStream(new StringReader(Source.readable(source)), 1, 1));
        List<Word> words = new ArrayList<>();
        try {
            do {
                var token = manager.getNextToken();
                String text = token.image == null ? "" : token.image;
                words.add(new Word(token.kind, text, token.beginLine, token.beginColumn));
            } while (words.getLast().kind() != ExpressionParserConstants.EOF);
        } catch (TokenMgrError | IllegalStateException e) {
            throw unreadable(String.valueOf(e.getMessage()));
        }
        return new Tokens(words, maxNesting);
    }

    private static Signal.Refusal unreadable(String message) {
        Matcher place = PLACE.matcher(message);
        String sentence = "this is not jq: unreadable text, a stray parenthesis, or an open string";
        return place.find()
                ? new Signal.Refusal(sentence, number(place.group(1)), number(place.group(2)))
                : new Signal.Refusal(sentence, 0, 0);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    Word peek() {
        return words.get(next);
    }

    Word peekAfter() {
        return words.get(Math.min(next + 1, words.size() - 1));
    }

    Word take() {
        Word word = peek();
        if (next < words.size() - 1) {
            next++;
        }
        return word;
    }

    boolean is(int kind) {
        return peek().kind() == kind;
    }

    boolean isAny(Set<Integer> kinds) {
        return kinds.contains(peek().kind());
    }

    boolean takeIf(int kind) {
        boolean is = is(kind);
        if (is) {
            take();
        }
        return is;
    }

    Word require(int kind, String what) {
        if (!is(kind)) {
            throw unexpected(what);
        }
        return take();
    }

    String requireName(String what) {
        if (!peek().isName()) {
            throw unexpected(what);
        }
        return take().text();
    }

    Signal.Refusal unexpected(String expected) {
        Word word = peek();
        String found =
                word.kind() == ExpressionParserConstants.EOF
                        ? "the program ends"
                        : "there is '" + word.text() + "'";
        return word.refuse(found + " where " + expected + " belongs");
    }

    /** Keeps a parser that descends off the end of its stack. */
    void descend() {
        if (++nesting > maxNesting) {
            throw peek().refuse("the program is nested deeper than " + maxNesting);
        }
    }

    void ascend() {
        nesting--;
    }
}
