package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.function.DoubleUnaryOperator;

/** Numbers: exact within 64 bits, otherwise doubles; what fits neither is an error. */
final class Numbers {
    /** Up to here every whole double is exact, and so may become an integer. */
    private static final double LARGEST_EXACT_DOUBLE = 0x1p53;

    private Numbers() {}

    /** As a JSON parser would make it, so that equal numbers are equal nodes. */
    static JsonNode of(long value) {
        int narrow = (int) value;
        return narrow == value ? Json.NODES.numberNode(narrow) : Json.NODES.numberNode(value);
    }

    static JsonNode of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new Signal.Raised("the result is not a finite number");
        }
        boolean whole = Math.rint(value) == value && Math.abs(value) <= LARGEST_EXACT_DOUBLE;
        return whole ? of((long) value) : Json.NODES.numberNode(value);
    }

    static JsonNode of(BigInteger value) {
        return value.bitLength() < Long.SIZE ? of(value.longValue()) : Json.NODES.numberNode(value);
    }

    static boolean areIntegers(JsonNode left, JsonNode right) {
        return isInteger(left) && isInteger(right);
    }

    private static boolean isInteger(JsonNode number) {
        if (!number.isIntegralNumber()) {
            return false;
        }
        if (!number.canConvertToLong()) {
            throw new Signal.Raised("integer overflow: an operand has more than 64 bits");
        }
        return true;
    }

    static JsonNode add(JsonNode left, JsonNode right) {
        if (!areIntegers(left, right)) {
            return of(left.doubleValue() + right.doubleValue());
        }
        long a = left.longValue();
        long b = right.longValue();
        long sum = a + b;
        return exactOr(((a ^ sum) & (b ^ sum)) < 0, sum);
    }

    static JsonNode subtract(JsonNode left, JsonNode right) {
        if (!areIntegers(left, right)) {
            return of(left.doubleValue() - right.doubleValue());
        }
        long a = left.longValue();
        long b = right.longValue();
        long difference = a - b;
        return exactOr(((a ^ b) & (a ^ difference)) < 0, difference);
    }

    static JsonNode multiply(JsonNode left, JsonNode right) {
        if (!areIntegers(left, right)) {
            return of(left.doubleValue() * right.doubleValue());
        }
        long a = left.longValue();
        long b = right.longValue();
        long product = a * b;
        return exactOr(Math.multiplyHigh(a, b) != product >> 63, product);
    }

    static JsonNode divide(JsonNode left, JsonNode right) {
        if (right.doubleValue() == 0) {
            throw new Signal.Raised("division by zero");
        }
        if (areIntegers(left, right)) {
            long a = left.longValue();
            long b = right.longValue();
            if (a % b == 0) {
                return exactOr(a == Long.MIN_VALUE && b == -1, a / b);
            }
        }
        return of(left.doubleValue() / right.doubleValue());
    }

    static JsonNode modulo(JsonNode left, JsonNode right) {
        long divisor = truncated(right);
        if (divisor == 0) {
            throw new Signal.Raised("division by zero");
        }
        return of(truncated(left) % divisor);
    }

    private static long truncated(JsonNode number) {
        return isInteger(number) ? number.longValue() : (long) number.doubleValue();
    }

    static JsonNode negate(JsonNode value) {
        if (!value.isNumber()) {
            throw new Signal.Raised(Json.preview(value) + " cannot be negated");
        }
        return subtract(of(0), value);
    }

    /** Integers are whole already, however large. */
    static JsonNode rounded(JsonNode value, DoubleUnaryOperator rounding) {
        return require(value).isIntegralNumber()
                ? value
                : of(rounding.applyAsDouble(value.doubleValue()));
    }

    static JsonNode require(JsonNode value) {
        if (!value.isNumber()) {
            throw new Signal.Raised(Json.preview(value) + " is not a number");
        }
        return value;
    }

    /** For counts and indices. */
    static double number(JsonNode value) {
        return require(value).doubleValue();
    }

    private static JsonNode exactOr(boolean overflows, long result) {
        if (overflows) {
            throw new Signal.Raised("integer overflow");
        }
        return of(result);
    }
}
