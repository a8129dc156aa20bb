package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.json.Jackson;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {

    @ParameterizedTest
    @CsvSource({
        "250.0, 250",
        "2.5E+2, 250",
        "-0.0, 0",
        "1e-400, 0",
        "1e-4, 0.0001",
        "1e-5, 1e-05",
        "-1.25e-7, -1.25e-07",
        "1e15, 1000000000000000",
        "1e16, 1e+16",
        "10000000000000000, 1e+16",
        "1.5e16, 15000000000000000",
        "1.5e18, 1.5e+18",
        "12345678e12, 12345678000000000000",
        "9007199254740993, 9007199254740993",
        "9007199254740993.0, 9007199254740992",
        "-9223372036854775808, -9223372036854775808",
        "123456789012345678901234567890, 123456789012345678901234567890",
        "0.1000000000000000055, 0.1",
        "4.9e-324, 5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "1e400, 1E+400",
        "-12e400, -1.2E+401",
    })
    void a_number_of_an_event_has_this_text(String data, String text) {
        assertEquals(text, NumberText.of(Jackson.tree(data)));
    }

    @Test
    void numbers_are_equal_when_their_texts_are() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<JsonNode> numbers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String digits = Long.toString(random.nextLong()).substring(0, 1 + random.nextInt(16));
            String whole = digits.equals("-") ? "7" : digits;
            JsonNode data = Jackson.tree(whole + "e" + (random.nextInt(40) - 20));
            numbers.add(data);
            numbers.add(Jackson.tree(data.decimalValue().toPlainString()));
            numbers.add(Json.NODES.numberNode(data.doubleValue()));
            numbers.add(Json.NODES.numberNode(data.bigIntegerValue()));
        }
        for (JsonNode a : numbers) {
            for (JsonNode b : numbers) {
                boolean equal = NumberText.compare(a, b) == 0;
                boolean sameText = NumberText.of(a).equals(NumberText.of(b));
                assertEquals(equal, sameText, () -> a + " and " + b + ", -Dseed=" + seed);
            }
        }
    }

    @Test
    void a_text_is_read_as_the_same_number() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                JsonNode number = Json.NODES.numberNode(value);
                JsonNode read = Jackson.tree(NumberText.of(number));
                assertEquals(0, NumberText.compare(number, read), NumberText.of(number));
            }
        }
    }
}
