package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.DoubleUnaryOperator;

/** Numbers: exact within 64 bits, otherwise doubles; what fits neither is an error. */
final class Numbers {
    /** Up to here every whole double is exact, and so may become an integer. */
    private static final double LARGEST_EXACT_DOUBLE = 0x1p53;

    /** Below it, BigDecimal writes an exponent. */
    private static final int SMALLEST_PLAIN_EXPONENT = -6;

    private static final long DIGITS_PER_BIT_TIMES_1000 = 302;
    private static final int GUESSED_DOUBLE_BYTES = 10;

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

    /** The length of the text; of a double, about that. */
    static long writtenBytes(JsonNode number) {
        if (number.isBigInteger()) {
            return DIGITS_PER_BIT_TIMES_1000 * number.bigIntegerValue().bitLength() / 1000 + 2;
        }
        if (number.isBigDecimal()) {
            return writtenBytes(number.decimalValue());
        }
        return number.isIntegralNumber() ? writtenBytes(number.longValue()) : GUESSED_DOUBLE_BYTES;
    }

    private static long writtenBytes(BigDecimal number) {
        long sign = number.signum() < 0 ? 1 : 0;
        long digits = number.precision();
        long exponent = digits - 1L - number.scale();
        if (number.scale() == 0) {
            return sign + digits;
        }
        if (number.scale() > 0 && exponent >= SMALLEST_PLAIN_EXPONENT) {
            return sign + (exponent >= 0 ? digits + 1 : number.scale() + 2);
        }
        return sign + digits + (digits > 1 ? 1 : 0) + 1 + 1 + writtenBytes(Math.abs(exponent));
    }

    private static long writtenBytes(long number) {
        int bytes = number < 0 ? 2 : 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            bytes++;
        }
        return bytes;
    }
}
