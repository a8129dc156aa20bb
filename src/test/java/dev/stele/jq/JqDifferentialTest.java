package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.json.Jackson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs give with us what Debian's jq gives, to the letter. The first line of its output
 * repeats a run ({@code -Dseed=…}); {@code -Djq.rounds=…} makes it longer.
 */
class JqDifferentialTest {
    private static final int ROUNDS = Integer.getInteger("jq.rounds", 12);
    private static final int PROGRAMS_A_ROUND = 50;

    @TempDir Path folder;

    private record Case(String input, String program) {

        String forJq() {
            return "(%s | try [%s] catch \"error\")".formatted(input, program);
        }

        String here() {
            String source = "try [%s] catch \"error\"".formatted(program);
            JsonNode in = Jackson.tree(input);
            return switch (JqLanguageTest.compiled(source).run(in, Map.of())) {
                case JqOutcome.Values(List<JsonNode> values) -> JsonText.of(values.getFirst());
                case JqOutcome.Failed(String error) -> "failed: " + error;
                case JqOutcome.OverBudget(String budget, String _) -> "over " + budget;
            };
        }
    }

    @Test
    void random_programs_yield_what_jq_yields() throws Exception {
        ReferenceJq jq = ReferenceJq.assumed(folder);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("jq, differential: -Dseed=" + seed);
        RandomPrograms random = new RandomPrograms(new Random(seed));
        for (int round = 0; round < ROUNDS; round++) {
            List<Case> cases = new ArrayList<>();
            for (int i = 0; i < PROGRAMS_A_ROUND; i++) {
                cases.add(new Case(random.input(), random.program()));
            }
            List<String> expected =
                    jq.lines(String.join(",\n", cases.stream().map(Case::forJq).toList()));
            assertEquals(cases.size(), expected.size(), "jq's answers");
            for (int i = 0; i < cases.size(); i++) {
                Case each = cases.get(i);
                assertEquals(expected.get(i), each.here(), () -> each + ", with -Dseed=" + seed);
            }
        }
    }
}
