package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Pattern;

/** Builtins of single values: types, conversions, arithmetic, dates. */
final class ValueBuiltins {
    /** The densest text, {@code [[],[],…]}, makes so much of each character. */
    private static final int MADE_BYTES_PER_CHAR = 40;

    private static final Pattern INTEGER = Pattern.compile("-?\\d+");
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?");

    private ValueBuiltins() {}

    static void register() {
        Builtins.function("type", (_, in) -> Json.text(Json.typeOf(in)));
        Builtins.function("length", ValueBuiltins::length);
        Builtins.function("fabs", (_, in) -> absolute(Numbers.require(in)));
        Builtins.function("tostring", (budget, in) -> Json.text(Text.plain(budget, in)));
        Builtins.function("tojson", (budget, in) -> Json.text(Json.written(budget, in)));
        Builtins.function("fromjson", ValueBuiltins::parsed);
        Builtins.function("tonumber", (_, in) -> toNumber(in));
        Builtins.function("todateiso8601", (_, in) -> toDate(in));
        Builtins.function("fromdateiso8601", (_, in) -> fromDate(in));
        rounding("floor", StrictMath::floor);
        rounding("ceil", StrictMath::ceil);
        rounding("trunc", x -> x < 0 ? StrictMath.ceil(x) : StrictMath.floor(x));
        rounding("round", x -> Math.copySign(StrictMath.floor(Math.abs(x) + 0.5), x));
        // StrictMath, since results that are stored must be the same on every machine.
        real("sqrt", StrictMath::sqrt);
        real("exp", StrictMath::exp);
        real("log", StrictMath::log);
        real("log10", StrictMath::log10);
        Builtins.function(
                "pow",
                (_, _, base, exponent) ->
                        Numbers.of(StrictMath.pow(Numbers.number(base), Numbers.number(exponent))));
    }

    private static void rounding(String name, DoubleUnaryOperator operator) {
        Builtins.function(name, (_, in) -> Numbers.rounded(in, operator));
    }

    private static void real(String name, DoubleUnaryOperator operator) {
        Builtins.function(name, (_, in) -> Numbers.of(operator.applyAsDouble(Numbers.number(in))));
    }

    private static JsonNode length(Budget budget, JsonNode in) {
        return switch (in.getNodeType()) {
            case NULL, MISSING, BINARY, POJO -> Numbers.of(0);
            case ARRAY, OBJECT -> Numbers.of(in.size());
            case STRING -> {
                String text = in.textValue();
                budget.steps(text.length() / 32);
                yield Numbers.of(text.codePointCount(0, text.length()));
            }
            case NUMBER -> absolute(in);
            case BOOLEAN -> throw new Signal.Raised(Json.preview(in) + " has no length");
        };
    }

    private static JsonNode absolute(JsonNode number) {
        return number.doubleValue() < 0 ? Numbers.negate(number) : number;
    }

    private static JsonNode parsed(Budget budget, JsonNode in) {
        String text = Json.requireText(in, "parsed");
        budget.make((long) MADE_BYTES_PER_CHAR * text.length());
        JsonNode parsed = JsonText.parse(text, budget.limits().maxDepth());
        if (parsed == null) {
            throw new Signal.Raised(
                    text.isBlank()
                            ? "an empty string is not JSON"
                            : Json.preview(in) + " is not JSON");
        }
        return parsed;
    }

    private static JsonNode toNumber(JsonNode in) {
        if (in.isNumber()) {
            return in;
        }
        String text = Json.requireText(in, "made a number").strip();
        boolean readable = text.length() <= JsonText.MAX_NUMBER_CHARS;
        if (readable && INTEGER.matcher(text).matches()) {
            return Numbers.of(new BigInteger(text));
        }
        JsonNode real = readable && NUMBER.matcher(text).matches() ? JsonText.real(text) : null;
        if (real != null) {
            return real;
        }
        throw new Signal.Raised(Json.preview(in) + " is not a number");
    }

    private static JsonNode toDate(JsonNode in) {
        double seconds = Math.floor(Numbers.number(in));
        try {
            Instant instant = Instant.ofEpochSecond((long) seconds);
            return Json.text(instant.truncatedTo(ChronoUnit.SECONDS).toString());
        } catch (DateTimeException e) {
            throw new Signal.Raised(Json.preview(in) + " is beyond all dates");
        }
    }

    private static JsonNode fromDate(JsonNode in) {
        String text = Json.requireText(in, "read as a date");
        try {
            return Numbers.of(Instant.parse(text).getEpochSecond());
        } catch (DateTimeException e) {
            throw new Signal.Raised(
                    Json.preview(in) + " is not a date such as 2024-05-31T12:00:00Z");
        }
    }
}
