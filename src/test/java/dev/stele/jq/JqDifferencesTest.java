package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.json.Jackson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What differs from jq is in {@code docs/jq.md}, and nothing else does. jq's own test files are not
 * ours to keep: {@code -Djq.suites} names a folder with the folders {@code 1.6} and {@code 1.7.1},
 * each with the {@code *.test} of that version. The cases that do not pass are in {@code
 * differences.txt}: the difference's name in the document, the file, the lines of the programs.
 */
class JqDifferencesTest {
    private static final String SHOWN = "differences-shown.txt";
    private static final String WORDS = "words";
    private static final Path DOCUMENT = Path.of("docs/jq.md");
    private static final Pattern NAMED = Pattern.compile("(?m)^- \\*\\*([a-z-]+)\\*\\*: ");

    @TempDir Path folder;

    /** Name, input, program, the values here, those of jq 1.6. */
    static Stream<Arguments> examples() {
        return DataLines.of(SHOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.6", "1.7.1"})
    void every_case_of_jq_passes_or_differs_as_documented(String version) throws Exception {
        String suites = System.getProperty("jq.suites", "");
        assumeTrue(!suites.isEmpty(), "left out: -Djq.suites does not say where jq's tests are");
        SortedMap<String, String> documented = documented(version);
        SortedMap<String, String> seen = new TreeMap<>();
        List<JqSuite.Case> cases = JqSuite.of(Path.of(suites), version);
        for (JqSuite.Case each : cases) {
            if (!each.passes()) {
                String listed = documented.getOrDefault(each.id(), "not documented");
                boolean more = listed.equals(WORDS) && !each.passesButForWords();
                seen.put(each.id(), more ? "more than words" : listed);
            }
        }
        int passed = cases.size() - seen.size();
        System.out.printf("jq %s: %d of %d cases pass%n", version, passed, cases.size());
        assertEquals(lines(documented), lines(seen));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("examples")
    void a_difference_is_as_shown(
            String name, String input, String source, String here, String there) {
        JqProgram program = JqLanguageTest.compiled(source);

        JqOutcome outcome = program.run(Jackson.tree(input), Map.of());

        JsonNode values =
                switch (outcome) {
                    case JqOutcome.Values(List<JsonNode> all) -> Json.NODES.arrayNode().addAll(all);
                    case JqOutcome.Failed _, JqOutcome.OverBudget _ -> Json.text("error");
                };
        assertEquals(here, JsonText.of(values));
    }

    @Test
    void jq_differs_as_shown() throws Exception {
        ReferenceJq jq = ReferenceJq.assumed(folder);
        for (List<String> example : DataLines.fields(SHOWN).toList()) {
            String program =
                    "%s | try [%s] catch \"error\"".formatted(example.get(1), example.get(2));
            assertEquals(List.of(example.get(4)), jq.lines(program), program);
        }
    }

    @Test
    void the_document_names_every_difference() throws Exception {
        var named = new TreeSet<String>();
        NAMED.matcher(Files.readString(DOCUMENT)).results().forEach(one -> named.add(one.group(1)));

        var known = new TreeSet<String>(documented("").values());
        DataLines.fields(SHOWN).forEach(example -> known.add(example.getFirst()));

        assertEquals(known, named);
    }

    private static SortedMap<String, String> documented(String version) {
        SortedMap<String, String> documented = new TreeMap<>();
        DataLines.fields("differences.txt")
                .map(line -> line.getFirst().split(" "))
                .filter(line -> line[1].startsWith(version))
                .forEach(
                        line -> {
                            for (int i = 2; i < line.length; i++) {
                                documented.put(line[1] + ":" + line[i], line[0]);
                            }
                        });
        return documented;
    }

    private static String lines(SortedMap<String, String> differences) {
        return differences.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining("\n"));
    }
}
