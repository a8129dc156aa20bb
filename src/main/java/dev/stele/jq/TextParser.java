package dev.stele.jq;

import static net.thisptr.jackson.jq.internal.javacc.ExpressionParserConstants.*;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/** The grammar of strings and formats. */
final class TextParser {
    private final Tokens tokens;
    private final Parser parser;

    TextParser(Tokens tokens, Parser parser) {
        this.tokens = tokens;
        this.parser = parser;
    }

    /** A string, with or without parts to fill in, or a format on its own. */
    Filter text(Scope scope) {
        boolean plain = tokens.is(QUOTE);
        Text.Format format = plain ? Text.Format.PLAIN : format();
        if (!tokens.takeIf(QUOTE)) {
            return Filter.computed((env, in) -> Json.text(format.apply(env.budget, in)));
        }
        List<Object> parts = parts(scope);
        return parts.size() == 1
                ? Flow.literal(TextNode.valueOf(parts.getFirst().toString()))
                : Construction.text(parts, format);
    }

    private Text.Format format() {
        var sigil = tokens.require(ATSIGN, "a string");
        String name = tokens.requireName("a format's name");
        Text.Format format = Text.Format.named(name);
        if (format == null) {
            throw sigil.refuse("the format @" + name + " is not defined");
        }
        return format;
    }

    /** Strings and filters in turn, strings first and last. */
    private List<Object> parts(Scope scope) {
        List<Object> parts = new ArrayList<>();
        StringBuilder characters = new StringBuilder();
        while (!tokens.takeIf(ENDQUOTE)) {
            var word = tokens.take();
            switch (word.kind()) {
                case OPEN_INTERP -> {
                    parts.add(characters.toString());
                    characters.setLength(0);
                    parts.add(parser.pipe(scope));
                    tokens.require(CLOSE_PAR, "')'");
                }
                case ESCAPE_CHAR -> characters.append(escaped(word.text().charAt(1)));
                case CODEPOINT_CHAR ->
                        characters.append((char) Integer.parseInt(word.text().substring(2), 16));
                case VISIBLE_CHAR -> {
                    char c = word.text().charAt(0);
                    characters.append(Source.original(c)).append(word.text().substring(1));
                }
                default -> throw word.refuse("this string does not end");
            }
        }
        parts.add(characters.toString());
        return parts;
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
