package dev.stele.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1.10, 1.1",
        "10.0, 10",
        "1E+1, 10",
        "1e-7, 1E-7",
        "0.000001, 0.000001",
        "12345678901234567890, 12345678901234567890",
        "9007199254740992.0, 9007199254740992",
        "9007199254740994.0, 9.007199254740994E+15",
        "1e20, 1E+20",
        "-123456789012345678901234.0, -1.23456789012345678901234E+23",
        "1.234567890123456789012345, 1.234567890123456789012345"
    })
    void a_number_has_one_text_and_is_read_back_as_the_same_node(String given, String text) {
        JsonNode value = CanonicalJson.canonical(CanonicalJson.tree(given));
        assertEquals(text, CanonicalJson.text(value));
        JsonNode again = CanonicalJson.canonical(CanonicalJson.tree(text));
        assertEquals(value, again);
        assertEquals(value.numberType(), again.numberType());
    }

    @Test
    void doubles_become_decimals_of_the_same_digits() {
        assertEquals("0.1", CanonicalJson.text(CanonicalJson.canonical(NODES.numberNode(0.1))));
        assertEquals("1E+21", CanonicalJson.text(CanonicalJson.canonical(NODES.numberNode(1e21))));
        assertEquals("3", CanonicalJson.text(CanonicalJson.canonical(NODES.numberNode(3.0))));
    }

    @Test
    void the_order_of_members_stays() {
        String text = "{\"b\":[1,{\"z\":null,\"a\":true}],\"a\":\"\\\"ä\\n\"}";
        assertEquals(text, CanonicalJson.text(CanonicalJson.canonical(CanonicalJson.tree(text))));
    }

    @Test
    void characters_are_written_as_themselves() {
        String text = "{\"😀\":\"é日😀\"}";
        assertEquals(text, CanonicalJson.text(CanonicalJson.canonical(CanonicalJson.tree(text))));
    }

    @Test
    void a_tree_is_not_changed() {
        JsonNode given = CanonicalJson.tree("{\"a\":[10.0,1.5]}");
        JsonNode value = CanonicalJson.canonical(given);
        assertEquals("{\"a\":[10,1.5]}", CanonicalJson.text(value));
        assertEquals(CanonicalJson.tree("{\"a\":[10.0,1.5]}"), given);
    }

    @Test
    void strings_that_cannot_be_stored_are_found_wherever_they_are() {
        assertNull(CanonicalJson.problem(CanonicalJson.tree("{\"a\":[\"😀\"]}")));
        assertNotNull(CanonicalJson.problem(CanonicalJson.tree("{\"a\":[\"\\u0000\"]}")));
        assertNotNull(CanonicalJson.problem(CanonicalJson.tree("{\"a\\u0000\":1}")));
        assertNotNull(CanonicalJson.problem(CanonicalJson.tree("[\"\\ud800\"]")));
        assertNotNull(CanonicalJson.problem("\udc00\ud800"));
    }
}
