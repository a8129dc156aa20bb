package dev.stele.jq;

import static net.thisptr.jackson.jq.internal.javacc.ExpressionParserConstants.*;

import com.fasterxml.jackson.databind.node.TextNode;

/** The grammar of what follows {@code as}: variables, and arrays and objects of patterns. */
final class PatternParser {
    private final Tokens tokens;
    private final TermParser terms;

    PatternParser(Tokens tokens, TermParser terms) {
        this.tokens = tokens;
        this.terms = terms;
    }

    /** A pattern and the scope after it. */
    record Pattern(Binder binder, Scope after) {}

    Pattern pattern(Scope scope) {
        tokens.descend();
        Pattern pattern =
                switch (tokens.peek().kind()) {
                    case OPEN_BRACKET -> arrayPattern(scope);
                    case OPEN_BRACE -> objectPattern(scope);
                    default -> {
                        tokens.require(DOLLAR, "a variable or a pattern");
                        yield variablePattern(scope, tokens.requireName("a variable's name"));
                    }
                };
        tokens.ascend();
        return pattern;
    }

    private static Pattern variablePattern(Scope scope, String name) {
        return new Pattern(Binder.variable(), scope.with(new Scope.Variable(name)));
    }

    private Pattern arrayPattern(Scope scope) {
        tokens.take();
        Pattern all = new Pattern(Binder.nothing(), scope);
        int index = 0;
        do {
            Pattern element = pattern(all.after());
            Filter key = Flow.literal(Numbers.of(index++));
            all = new Pattern(all.binder().then(element.binder().at(key)), element.after());
        } while (tokens.takeIf(COMMA));
        tokens.require(CLOSE_BRACKET, "']' or ','");
        return all;
    }

    private Pattern objectPattern(Scope scope) {
        tokens.take();
        Pattern all = new Pattern(Binder.nothing(), scope);
        do {
            Pattern field = tokens.is(DOLLAR) ? namedField(all.after()) : field(all.after());
            all = new Pattern(all.binder().then(field.binder()), field.after());
        } while (tokens.takeIf(COMMA));
        tokens.require(CLOSE_BRACE, "'}' or ','");
        return all;
    }

    private Pattern field(Scope scope) {
        Filter key = terms.key(scope);
        tokens.require(COLON, "':'");
        Pattern value = pattern(scope);
        return new Pattern(value.binder().at(key), value.after());
    }

    /** {@code $name} binds the field of that name, {@code $name: pattern} takes it apart too. */
    private Pattern namedField(Scope scope) {
        tokens.take();
        String name = tokens.requireName("a variable's name");
        Pattern variable = variablePattern(scope, name);
        Filter key = Flow.literal(TextNode.valueOf(name));
        if (!tokens.takeIf(COLON)) {
            return new Pattern(variable.binder().at(key), variable.after());
        }
        Pattern inner = pattern(variable.after());
        return new Pattern(variable.binder().then(inner.binder()).at(key), inner.after());
    }
}
