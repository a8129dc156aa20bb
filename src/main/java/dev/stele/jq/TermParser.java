package dev.stele.jq;

import static net.thisptr.jackson.jq.internal.javacc.ExpressionParserConstants.*;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The grammar of terms: literals, access, calls, constructions, control flow. */
final class TermParser {
    /** Literals other than strings. */
    private static final Set<Integer> SCALARS =
            Set.of(
                    INTEGER_LITERAL,
                    FLOAT_LITERAL,
                    BOOLEAN_LITERAL_TRUE,
                    BOOLEAN_LITERAL_FALSE,
                    NULL_LITERAL);

    private final Tokens tokens;
    private final Parser parser;
    private final TextParser texts;
    private final PatternParser patterns;

    TermParser(Tokens tokens, Parser parser) {
        this.tokens = tokens;
        this.parser = parser;
        this.texts = new TextParser(tokens, parser);
        this.patterns = new PatternParser(tokens, this);
    }

    PatternParser.Pattern pattern(Scope scope) {
        return patterns.pattern(scope);
    }

    Filter term(Scope scope) {
        Filter term = primary(scope);
        while (true) {
            switch (tokens.peek().kind()) {
                case QUESTION -> {
                    // Any number of them says the same, and must not become so deep a nest.
                    while (tokens.takeIf(QUESTION)) {}
                    term = Flow.attempt(term, null);
                }
                case DOT -> {
                    tokens.take();
                    if (tokens.is(OPEN_BRACKET)) {
                        continue;
                    }
                    term = field(scope, term);
                }
                case OPEN_BRACKET -> term = bracket(scope, term);
                default -> {
                    return term;
                }
            }
        }
    }

    private Filter primary(Scope scope) {
        var word = tokens.peek();
        return switch (word.kind()) {
            case DOT -> dot(scope);
            case RECURSION -> {
                tokens.take();
                yield Access.recursion();
            }
            case DOLLAR -> variable(scope);
            case OPEN_PAR -> {
                tokens.take();
                Filter inner = parser.pipe(scope);
                tokens.require(CLOSE_PAR, "')'");
                yield inner;
            }
            case OPEN_BRACKET -> array(scope);
            case OPEN_BRACE -> object(scope);
            case QUOTE, ATSIGN -> texts.text(scope);
            case KEYWORD_IF -> conditional(scope);
            case KEYWORD_TRY -> attempt(scope);
            case KEYWORD_REDUCE, KEYWORD_FOREACH -> fold(scope);
            case KEYWORD_BREAK -> leave(scope);
            case KEYWORD_IMPORT, KEYWORD_INCLUDE, KEYWORD_MODULE ->
                    throw word.refuse("'" + word.text() + "' is not allowed: there are no modules");
            case IDENTIFIER -> call(scope);
            default -> literal();
        };
    }

    private Filter literal() {
        var word = tokens.peek();
        JsonNode value =
                switch (word.kind()) {
                    case BOOLEAN_LITERAL_TRUE -> BooleanNode.TRUE;
                    case BOOLEAN_LITERAL_FALSE -> BooleanNode.FALSE;
                    case NULL_LITERAL -> NullNode.getInstance();
                    case INTEGER_LITERAL -> Numbers.of(new BigInteger(word.text()));
                    case FLOAT_LITERAL -> {
                        double number = Double.parseDouble(word.text());
                        if (Double.isInfinite(number)) {
                            throw word.refuse("this number is too large");
                        }
                        yield Numbers.of(number);
                    }
                    default -> throw tokens.unexpected("an expression");
                };
        tokens.take();
        return Flow.literal(value);
    }

    private Filter dot(Scope scope) {
        tokens.take();
        boolean named = tokens.is(IDENTIFIER_AFTER_DOT) || tokens.is(QUOTE) || tokens.is(ATSIGN);
        return named ? field(scope, Flow.identity()) : Flow.identity();
    }

    private Filter field(Scope scope, Filter target) {
        if (tokens.is(IDENTIFIER_AFTER_DOT)) {
            return Access.field(target, TextNode.valueOf(tokens.take().text()));
        }
        if (tokens.is(QUOTE) || tokens.is(ATSIGN)) {
            return Access.index(target, texts.text(scope));
        }
        throw tokens.unexpected("a field's name");
    }

    private Filter bracket(Scope scope, Filter target) {
        tokens.require(OPEN_BRACKET, "'['");
        if (tokens.takeIf(CLOSE_BRACKET)) {
            return Access.iteration(target);
        }
        Filter from = tokens.is(COLON) ? Flow.literal(NullNode.getInstance()) : parser.pipe(scope);
        if (!tokens.takeIf(COLON)) {
            tokens.require(CLOSE_BRACKET, "']'");
            return Access.index(target, from);
        }
        boolean open = tokens.is(CLOSE_BRACKET);
        Filter upTo = open ? Flow.literal(NullNode.getInstance()) : parser.pipe(scope);
        tokens.require(CLOSE_BRACKET, "']'");
        return Access.slice(target, from, upTo);
    }

    private Filter variable(Scope scope) {
        var sigil = tokens.take();
        String name = tokens.requireName("a variable's name");
        var found = scope.variable(name);
        if (found == null) {
            throw sigil.refuse("the variable $" + name + " is not defined");
        }
        return Flow.variable(found.distance());
    }

    private Filter leave(Scope scope) {
        var word = tokens.take();
        tokens.require(DOLLAR, "'$' and a label's name");
        String name = tokens.requireName("a label's name");
        var found = scope.label(name);
        if (found == null) {
            throw word.refuse("the label $" + name + " is not defined");
        }
        return Flow.leave(found.distance());
    }

    private Filter call(Scope scope) {
        var word = tokens.take();
        List<Filter> arguments = new ArrayList<>();
        if (tokens.takeIf(OPEN_PAR)) {
            do {
                arguments.add(parser.pipe(scope));
            } while (tokens.takeIf(SEMICOLON));
            tokens.require(CLOSE_PAR, "')'");
        }
        return switch (scope.function(word.text(), arguments.size())) {
            case null -> Builtins.call(word, arguments);
            case Scope.Found<Scope.Entry>(Scope.Definition definition, int distance) ->
                    Flow.call(definition, distance, arguments);
            case Scope.Found<Scope.Entry>(Scope.Entry _, int distance) -> Flow.parameter(distance);
        };
    }

    private Filter array(Scope scope) {
        tokens.take();
        if (tokens.takeIf(CLOSE_BRACKET)) {
            return Flow.literal(Json.NODES.arrayNode(0));
        }
        Filter elements = parser.pipe(scope);
        tokens.require(CLOSE_BRACKET, "']'");
        return Construction.array(elements);
    }

    private Filter object(Scope scope) {
        tokens.take();
        List<Construction.Field> fields = new ArrayList<>();
        if (!tokens.is(CLOSE_BRACE)) {
            do {
                fields.add(objectField(scope));
            } while (tokens.takeIf(COMMA));
        }
        tokens.require(CLOSE_BRACE, "'}' or ','");
        return Construction.object(fields);
    }

    private Construction.Field objectField(Scope scope) {
        if (tokens.is(DOLLAR)) {
            String name = tokens.peekAfter().text();
            Filter value = variable(scope);
            return tokens.takeIf(COLON)
                    ? new Construction.Field(value, parser.pipeWithoutComma(scope))
                    : new Construction.Field(Flow.literal(TextNode.valueOf(name)), value);
        }
        boolean computed = tokens.is(OPEN_PAR);
        Filter key = key(scope);
        if (tokens.takeIf(COLON)) {
            return new Construction.Field(key, parser.pipeWithoutComma(scope));
        }
        if (computed) {
            throw tokens.unexpected("':'");
        }
        return new Construction.Field(key, Access.index(Flow.identity(), key));
    }

    /** Of a field in a construction or a pattern. */
    Filter key(Scope scope) {
        if (tokens.takeIf(OPEN_PAR)) {
            var first = tokens.peek();
            if (SCALARS.contains(first.kind()) && tokens.peekAfter().kind() == CLOSE_PAR) {
                throw first.refuse("a field's name must be a string, not " + first.text());
            }
            Filter key = parser.pipe(scope);
            tokens.require(CLOSE_PAR, "')'");
            return key;
        }
        if (tokens.is(QUOTE) || tokens.is(ATSIGN)) {
            return texts.text(scope);
        }
        return Flow.literal(TextNode.valueOf(tokens.requireName("a field's name")));
    }

    private Filter conditional(Scope scope) {
        tokens.take();
        Filter condition = parser.pipe(scope);
        tokens.require(KEYWORD_THEN, "'then'");
        Filter then = parser.pipe(scope);
        Filter otherwise =
                switch (tokens.peek().kind()) {
                    case KEYWORD_ELIF -> {
                        tokens.descend();
                        Filter nested = conditional(scope);
                        tokens.ascend();
                        yield nested;
                    }
                    case KEYWORD_ELSE -> {
                        tokens.take();
                        Filter last = parser.pipe(scope);
                        tokens.require(KEYWORD_END, "'end'");
                        yield last;
                    }
                    default -> {
                        tokens.require(KEYWORD_END, "'elif', 'else' or 'end'");
                        yield Flow.identity();
                    }
                };
        return Flow.conditional(condition, then, otherwise);
    }

    private Filter attempt(Scope scope) {
        tokens.take();
        tokens.descend();
        Filter body = parser.operand(scope);
        @Nullable Filter handler = tokens.takeIf(KEYWORD_CATCH) ? parser.operand(scope) : null;
        tokens.ascend();
        return Flow.attempt(body, handler);
    }

    private Filter fold(Scope scope) {
        boolean reduces = tokens.take().kind() == KEYWORD_REDUCE;
        tokens.descend();
        Filter source = term(scope);
        tokens.ascend();
        tokens.require(KEYWORD_AS, "'as'");
        var pattern = patterns.pattern(scope);
        tokens.require(OPEN_PAR, "'('");
        Filter initial = parser.pipe(scope);
        tokens.require(SEMICOLON, "';'");
        Filter update = parser.pipe(pattern.after());
        Filter extract = Flow.identity();
        if (!reduces && tokens.takeIf(SEMICOLON)) {
            extract = parser.pipe(pattern.after());
        }
        tokens.require(CLOSE_PAR, "')'");
        return reduces
                ? Flow.reduce(source, pattern.binder(), initial, update)
                : Flow.foreach(source, pattern.binder(), initial, update, extract);
    }
}
