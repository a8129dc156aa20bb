package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The value that a number has for a program, and its one text.
 *
 * <p>Numbers of the same value have the same text, and numbers of the same text the same value, so
 * that keys agree with {@code ==}. An integer is worth what it says, however large; any other
 * number is worth the double nearest to it, that is to say the shortest decimal that stands for
 * this double; one beyond all doubles is carried, and worth what it says. The text is that of jq
 * 1.6, unless this would be another number: then it has all digits.
 */
final class NumberText {
    private static final long LARGEST_PLAIN_LONG = 1L << 53;

    /** From here on, jq writes an exponent. */
    private static final int MOST_ZEROS_AFTER_POINT = 3;

    private static final int MOST_ZEROS_BEFORE_POINT = 15;

    private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);

    private NumberText() {}

    static String of(JsonNode number) {
        if (number.isIntegralNumber() && number.canConvertToLong()) {
            long value = number.longValue();
            if (Math.abs(value) <= LARGEST_PLAIN_LONG && value != Long.MIN_VALUE) {
                return Long.toString(value);
            }
        }
        BigDecimal value = value(number);
        double nearest = value.doubleValue();
        if (Double.isInfinite(nearest)) {
            return value.stripTrailingZeros().toString();
        }
        BigDecimal shortest = shortest(nearest);
        return shortest.compareTo(value) == 0 ? text(shortest) : value.toPlainString();
    }

    static int compare(JsonNode left, JsonNode right) {
        if (left.isIntegralNumber()
                && right.isIntegralNumber()
                && left.canConvertToLong()
                && right.canConvertToLong()) {
            return Long.compare(left.longValue(), right.longValue());
        }
        double a = left.doubleValue();
        double b = right.doubleValue();
        return isWorth(left, a) && isWorth(right, b)
                ? Double.compare(a + 0.0, b + 0.0)
                : value(left).compareTo(value(right));
    }

    private static boolean isWorth(JsonNode number, double value) {
        return number.isIntegralNumber()
                ? Math.abs(value) < LARGEST_PLAIN_LONG
                : !Double.isInfinite(value);
    }

    private static BigDecimal value(JsonNode number) {
        if (number.isIntegralNumber()) {
            return number.decimalValue();
        }
        double nearest = number.doubleValue();
        return Double.isInfinite(nearest) ? number.decimalValue() : shortest(nearest);
    }

    /** The fewest digits that stand for the double; Java writes at least two. */
    private static BigDecimal shortest(double value) {
        BigDecimal shortest = BigDecimal.valueOf(value);
        if (Math.abs(value) < Double.MIN_NORMAL) {
            BigDecimal shorter = shortest.round(ONE_DIGIT);
            shortest = shorter.doubleValue() == value ? shorter : shortest;
        }
        return shortest.stripTrailingZeros();
    }

    private static String text(BigDecimal stripped) {
        String sign = stripped.signum() < 0 ? "-" : "";
        String digits = stripped.unscaledValue().abs().toString();
        int point = digits.length() - stripped.scale();
        boolean isPlain =
                -point <= MOST_ZEROS_AFTER_POINT
                        && point - digits.length() <= MOST_ZEROS_BEFORE_POINT;
        return isPlain ? stripped.toPlainString() : sign + scientific(digits, point - 1);
    }

    private static String scientific(String digits, int exponent) {
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return "%c%se%+03d".formatted(digits.charAt(0), fraction, exponent);
    }
}
