package dev.stele.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.definition.PutResult;
import dev.stele.definition.Understood;
import dev.stele.event.EventFilter;
import dev.stele.event.Tag;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import dev.stele.json.Parsed.Flaw;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewDefinitionTest {

    private static final String SMALLEST = "{'key':'.stream','on':{'*':'.'}}";

    @Test
    void the_smallest_definition_takes_every_event_and_begins_with_null() {
        ViewDefinition definition = Definitions.compiled(SMALLEST).definition();
        assertEquals(EventFilter.ALL, definition.source());
        assertTrue(definition.initial().isNull());
    }

    @Test
    void a_definition_says_all_that_this_version_knows() {
        ViewDefinition definition =
                Definitions.compiled(
                                """
                                {'description': 'Balances',
                                 'source': {'categories': ['account'], 'types': ['A', 'B'], 'tags': ['a:1']},
                                 'key': '.stream', 'initial': {'balance': 0},
                                 'on': {'B': '.', 'A': '.balance += 1'},
                                 'history': false, 'indexes': [], 'schema': 'stored'}
                                """)
                        .definition();
        assertEquals("Balances", definition.description());
        assertEquals(
                new EventFilter(List.of("account"), List.of("A", "B"), List.of(new Tag("a:1"))),
                definition.source());
        assertEquals(List.of("B", "A"), List.copyOf(definition.on().keySet()));
        assertEquals("{\"balance\":0}", definition.initial().toString());
    }

    @Test
    void the_text_is_kept_without_white_space() {
        ViewDefinition definition =
                Definitions.compiled(
                                "{ 'key' : '.stream | .',\n 'initial': 1.10, 'on':{'A' : '.'} }")
                        .definition();
        assertEquals(
                "{'key':'.stream | .','initial':1.10,'on':{'A':'.'}}".replace('\'', '"'),
                definition.text().toString());
    }

    @Test
    void events_that_no_handler_takes_are_not_even_read() {
        ViewDefinition definition =
                Definitions.compiled("{'key':'.stream','on':{'A':'.','B':'.'}}").definition();
        assertEquals(List.of("A", "B"), definition.filter().types());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'on':{'*':'.'}} | /key",
                "{'key':'.stream'} | /on",
                "{'key':'.stream','on':{}} | /on",
                "{'key':'.stream','on':['.']} | /on",
                "{'key':'.stream','on':{'A':1}} | /on/A",
                "{'key':'.stream','on':{'a/b':'.'}} | /on/a~1b",
                "{'key':1,'on':{'*':'.'}} | /key",
                "{'key':'.stream','on':{'*':'.','*':'.'}} | /on/*",
                "{'key':'.stream','key':'.stream','on':{'*':'.'}} | /key",
                "{'key':'.stream','on':{'*':'.'},'onn':{}} | /onn",
                "{'key':'.stream','on':{'*':'.'},'description':1} | /description",
                "{'key':'.stream','on':{'*':'.'},'source':[]} | /source",
                "{'key':'.stream','on':{'*':'.'},'source':{'stream':[]}} | /source/stream",
                "{'key':'.stream','on':{'*':'.'},'source':{'types':'A'}} | /source/types",
                "{'key':'.stream','on':{'*':'.'},'source':{'types':['A','']}} | /source/types/1",
                "{'key':'.stream','on':{'*':'.'},'source':{'categories':['a-1']}} |"
                        + " /source/categories/0",
                "{'key':'.stream','on':{'*':'.'},'source':{'tags':['a']}} | /source/tags/0",
                "{'key':'.stream','on':{'*':'.'},'history':true} | /history",
                "{'key':'.stream','on':{'*':'.'},'history':'no'} | /history",
                "{'key':'.stream','on':{'*':'.'},'indexes':['.a']} | /indexes",
                "{'key':'.stream','on':{'*':'.'},'indexes':{}} | /indexes",
                "{'key':'.stream','on':{'*':'.'},'schema':'3'} | /schema",
                "{'key':'.stream','on':{'*':'.'},'publish':{'topic':'a'}} | /publish",
                "[] | ``",
                "{'key' | ``",
            })
    void a_flaw_is_told_with_its_place(String definition, String pointer) {
        assertEquals(List.of(pointer), flaws(definition).stream().map(Flaw::pointer).toList());
    }

    @Test
    void all_flaws_are_told_at_once() {
        assertEquals(3, flaws("{'kee':'.','on':{},'history':true,'key':'.'}").size());
    }

    @Test
    void what_comes_later_is_said_to_be_not_supported() {
        Flaw flaw = flaws("{'key':'.stream','on':{'*':'.'},'history':true}").getFirst();
        assertEquals(new Flaw("/history", "not supported by this version"), flaw);
    }

    @Test
    void programs_that_do_not_compile_are_told_with_their_places() {
        PutResult refusal = refusal("{'key':'.stream |','on':{'A':'.','B':'input'}}");
        List<Flaw> flaws = assertInstanceOf(PutResult.Uncompilable.class, refusal).flaws();
        assertEquals(List.of("/key", "/on/B"), flaws.stream().map(Flaw::pointer).toList());
        assertTrue(flaws.get(1).detail().contains("line 1, column 1"), flaws.toString());
    }

    @Test
    void a_key_sees_no_event_variable_because_it_runs_on_the_event() {
        assertInstanceOf(
                PutResult.Uncompilable.class, refusal("{'key':'$event.stream','on':{'*':'.'}}"));
    }

    @Test
    void a_definition_over_the_limit_is_too_large() {
        String long_ = " ".repeat(Definitions.DEFAULTS.definitionBytes());
        PutResult.TooLarge refusal =
                assertInstanceOf(PutResult.TooLarge.class, refusal(SMALLEST + long_));
        assertEquals("definition-bytes", refusal.limit());
    }

    @Test
    void white_space_and_the_order_of_members_do_not_make_another_definition() {
        ViewDefinition one =
                Definitions.compiled("{'key':'.a','on':{'A':'.','B':'.'}}").definition();
        assertTrue(one.saysTheSameAs(document("{ 'on':{'B':'.', 'A':'.'}, 'key':'.a' }")));
        assertTrue(!one.saysTheSameAs(document("{'on':{'B':'.','A':' .'},'key':'.a'}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a_b", "ä", "a/b"})
    void a_name_that_is_none_is_refused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new ViewName(name));
    }

    @Test
    void a_name_has_up_to_63_characters() {
        assertEquals(63, new ViewName("a".repeat(63)).value().length());
        assertThrows(IllegalArgumentException.class, () -> new ViewName("a".repeat(64)));
    }

    private static PutResult refusal(String definition) {
        return assertInstanceOf(Understood.Refused.class, Definitions.understood(definition))
                .refusal();
    }

    private static List<Flaw> flaws(String definition) {
        return assertInstanceOf(PutResult.Invalid.class, refusal(definition)).flaws();
    }

    private static JsonDocument document(String text) {
        return switch (JsonDocument.read(Definitions.json(text), "test", 1000)) {
            case Parsed.Valid(var document) -> document;
            case Parsed.Invalid(var flaws) -> throw new AssertionError(flaws);
            case Parsed.TooLarge(_, _, _, _) -> throw new AssertionError();
        };
    }
}
