package dev.stele.jq;

import static net.thisptr.jackson.jq.internal.javacc.ExpressionParserConstants.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The grammar above terms: pipes, commas, operators, definitions, {@code as}, {@code label}. */
final class Parser {
    /** An infix operator: a higher level binds closer. */
    private record Infix(int level, boolean chains, Operators.Maker maker) {}

    private static final int LOWEST_LEVEL = 1;
    private static final Map<Integer, Infix> INFIXES =
            Map.ofEntries(
                    Map.entry(OP_DEFAULT, new Infix(1, true, Operators::alternative)),
                    Map.entry(ASSIGN_OP, new Infix(2, false, Assignment::plain)),
                    Map.entry(UPDATE_OP, new Infix(2, false, Assignment::update)),
                    Map.entry(PLUS_EQUAL, arithmeticUpdate(Arithmetic::add)),
                    Map.entry(MINUS_EQUAL, arithmeticUpdate(Arithmetic::subtract)),
                    Map.entry(TIMES_EQUAL, arithmeticUpdate(Arithmetic::multiply)),
                    Map.entry(DIVIDE_EQUAL, arithmeticUpdate(Arithmetic::divide)),
                    Map.entry(MODULO_EQUAL, arithmeticUpdate(Arithmetic::modulo)),
                    Map.entry(DEFAULT_EQUAL, new Infix(2, false, Assignment::alternative)),
                    Map.entry(OP_OR, new Infix(3, true, Operators::or)),
                    Map.entry(OP_AND, new Infix(4, true, Operators::and)),
                    Map.entry(COMP_EQUAL, comparison(sign -> sign == 0)),
                    Map.entry(COMP_NOT_EQUAL, comparison(sign -> sign != 0)),
                    Map.entry(COMP_LESS, comparison(sign -> sign < 0)),
                    Map.entry(COMP_LESS_EQUAL, comparison(sign -> sign <= 0)),
                    Map.entry(COMP_GREATER, comparison(sign -> sign > 0)),
                    Map.entry(COMP_GREATER_EQUAL, comparison(sign -> sign >= 0)),
                    Map.entry(PLUS, arithmetic(6, Arithmetic::add)),
                    Map.entry(MINUS, arithmetic(6, Arithmetic::subtract)),
                    Map.entry(TIMES, arithmetic(7, Arithmetic::multiply)),
                    Map.entry(DIVIDE, arithmetic(7, Arithmetic::divide)),
                    Map.entry(MODULO, arithmetic(7, Arithmetic::modulo)));

    private final Tokens tokens;
    private final TermParser terms;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        this.terms = new TermParser(tokens, this);
    }

    static Filter program(Tokens tokens, Scope scope) {
        Parser parser = new Parser(tokens);
        Filter filter = parser.pipe(scope);
        if (!tokens.is(EOF)) {
            throw tokens.unexpected("an operator or the end of the program");
        }
        return filter;
    }

    /** A text of definitions only: the scope after them. */
    static Scope definitions(Tokens tokens, Scope scope) {
        Parser parser = new Parser(tokens);
        Scope after = scope;
        while (!tokens.is(EOF)) {
            after = parser.definition(after);
        }
        return after;
    }

    Filter pipe(Scope scope) {
        return pipe(scope, true);
    }

    /** The value of an object's field: a comma ends it. */
    Filter pipeWithoutComma(Scope scope) {
        return pipe(scope, false);
    }

    private Filter pipe(Scope scope, boolean commas) {
        tokens.descend();
        List<Filter> stages = new ArrayList<>();
        Scope inner = scope;
        do {
            while (tokens.is(KEYWORD_DEF)) {
                inner = definition(inner);
            }
            stages.add(commas ? comma(inner) : operators(inner, LOWEST_LEVEL));
        } while (tokens.takeIf(PIPE));
        tokens.ascend();
        Filter filter = stages.getLast();
        for (int i = stages.size() - 2; i >= 0; i--) {
            filter = Flow.pipe(stages.get(i), filter);
        }
        return filter;
    }

    private Filter comma(Scope scope) {
        Filter first = operators(scope, LOWEST_LEVEL);
        if (!tokens.is(COMMA)) {
            return first;
        }
        List<Filter> parts = new ArrayList<>(List.of(first));
        while (tokens.takeIf(COMMA)) {
            parts.add(operators(scope, LOWEST_LEVEL));
        }
        return Flow.comma(parts);
    }

    private Filter operators(Scope scope, int level) {
        Filter left = operand(scope);
        while (true) {
            Infix infix = INFIXES.get(tokens.peek().kind());
            if (infix == null || infix.level < level) {
                return left;
            }
            tokens.take();
            boolean rightmost = infix.level == LOWEST_LEVEL;
            tokens.descend();
            Filter right = operators(scope, rightmost ? infix.level : infix.level + 1);
            tokens.ascend();
            left = infix.maker.make(left, right);
            Infix following = INFIXES.get(tokens.peek().kind());
            if (!infix.chains && following != null && following.level == infix.level) {
                throw tokens.peek().refuse("this operator needs parentheses around its operands");
            }
        }
    }

    /** A term with what stands before it; also what follows {@code try} and {@code catch}. */
    Filter operand(Scope scope) {
        return switch (tokens.peek().kind()) {
            case KEYWORD_DEF -> pipe(scope);
            case KEYWORD_LABEL -> label(scope);
            case MINUS -> {
                tokens.take();
                tokens.descend();
                Filter negated = Operators.negated(operand(scope));
                tokens.ascend();
                yield negated;
            }
            default -> {
                Filter term = terms.term(scope);
                yield tokens.takeIf(KEYWORD_AS) ? binding(scope, term) : term;
            }
        };
    }

    private Filter binding(Scope scope, Filter source) {
        var pattern = terms.pattern(scope);
        tokens.require(PIPE, "'|'");
        return Flow.binding(source, pattern.binder(), pipe(pattern.after()));
    }

    private Filter label(Scope scope) {
        tokens.take();
        tokens.require(DOLLAR, "'$' and the label's name");
        String name = tokens.requireName("the label's name");
        tokens.require(PIPE, "'|'");
        return Flow.label(pipe(scope.with(new Scope.Label(name))));
    }

    private Scope definition(Scope scope) {
        tokens.require(KEYWORD_DEF, "'def'");
        String name = tokens.require(IDENTIFIER, "the function's name").text();
        List<String> parameters = new ArrayList<>();
        if (tokens.takeIf(OPEN_PAR)) {
            do {
                String sigil = tokens.takeIf(DOLLAR) ? "$" : "";
                parameters.add(sigil + tokens.require(IDENTIFIER, "a parameter's name").text());
            } while (tokens.takeIf(SEMICOLON));
            tokens.require(CLOSE_PAR, "')'");
        }
        tokens.require(COLON, "':'");
        var definition = new Scope.Definition(name, parameters);
        Scope after = scope.with(definition);
        definition.define(pipe(withParameters(after, parameters)));
        tokens.require(SEMICOLON, "';'");
        return after;
    }

    /** A parameter {@code $x} is a value, and a function {@code x} that yields it. */
    private static Scope withParameters(Scope scope, List<String> parameters) {
        Scope inner = scope;
        for (String parameter : parameters) {
            if (parameter.startsWith("$")) {
                String name = parameter.substring(1);
                var asFunction = new Scope.Definition(name, List.of());
                asFunction.define(Flow.variable(0));
                inner = inner.with(new Scope.Variable(name)).with(asFunction);
            } else {
                inner = inner.with(new Scope.Parameter(parameter));
            }
        }
        return inner;
    }

    private static Infix arithmetic(int level, Operators.Binary function) {
        return new Infix(level, true, (l, r) -> Operators.binary(l, r, function));
    }

    private static Infix comparison(IntPredicate test) {
        return new Infix(5, false, (l, r) -> Operators.comparison(l, r, test));
    }

    private static Infix arithmeticUpdate(Operators.Binary function) {
        return new Infix(2, false, (l, r) -> Assignment.arithmetic(l, r, function));
    }
}
