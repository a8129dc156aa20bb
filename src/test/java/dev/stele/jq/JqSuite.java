package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.json.Jackson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The cases of jq's own test files, of one version of it: a program, its input and each of its
 * results on a line of its own, or {@code %%FAIL}, a program and what jq says of it.
 */
final class JqSuite {
    private static final String REFUSED = "%%FAIL";

    private JqSuite() {}

    /** {@code id} is the version, the file and the number of the program's line. */
    record Case(String id, boolean refused, String program, List<String> further) {

        boolean passes() {
            return passes(UnaryOperator.identity());
        }

        /** Whether it passes when one string is as good as another. */
        boolean passesButForWords() {
            return passes(Case::withoutWords);
        }

        private boolean passes(UnaryOperator<JsonNode> view) {
            return switch (JqProgram.compile(program, JqLimits.defaults())) {
                case JqCompilation.Refused _ -> refused;
                case JqCompilation.Compiled(JqProgram compiled) ->
                        !refused && yields(compiled, view);
            };
        }

        private static JsonNode withoutWords(JsonNode value) {
            JqProgram program =
                    JqLanguageTest.compiled("walk(if type == \"string\" then \"\" else . end)");
            return program.run(value, Map.of()) instanceof JqOutcome.Values(var values)
                    ? values.getFirst()
                    : value;
        }

        private boolean yields(JqProgram compiled, UnaryOperator<JsonNode> view) {
            JsonNode input;
            List<JsonNode> expected;
            try {
                input = Jackson.tree(further.getFirst());
                expected = further.stream().skip(1).map(Jackson::tree).toList();
            } catch (UncheckedIOException e) {
                return false; // JSON to jq only, as NaN is.
            }
            return switch (compiled.run(input, Map.of())) {
                case JqOutcome.Values(List<JsonNode> values) -> same(expected, values, view);
                case JqOutcome.Failed _ -> same(expected, beforeFailure(input), view);
                case JqOutcome.OverBudget _ -> false;
            };
        }

        /** How a case ends does not matter in these files, only what it yields before. */
        private List<JsonNode> beforeFailure(JsonNode input) {
            JqProgram quiet = JqLanguageTest.compiled("(" + program + "\n)?");
            return quiet.run(input, Map.of()) instanceof JqOutcome.Values(var values)
                    ? values
                    : List.of(Json.text("over budget"));
        }

        private static boolean same(
                List<JsonNode> expected, List<JsonNode> values, UnaryOperator<JsonNode> view) {
            Budget budget = new Budget(JqLimits.defaults());
            boolean same = expected.size() == values.size();
            for (int i = 0; same && i < expected.size(); i++) {
                JsonNode wanted = view.apply(expected.get(i));
                same = Order.same(budget, wanted, view.apply(values.get(i)));
            }
            return same;
        }
    }

    /** All cases of the files {@code <version>/*.test} of a folder. */
    static List<Case> of(Path folder, String version) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(version))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".test")).sorted().toList()) {
                read(version + "/" + file.getFileName(), Files.readAllLines(file), cases);
            }
        }
        return cases;
    }

    private static void read(String name, List<String> lines, List<Case> cases) {
        int at = 0;
        while (at < lines.size()) {
            if (isBetween(lines.get(at))) {
                at++;
                continue;
            }
            int begin = at;
            while (at < lines.size() && !lines.get(at).isBlank()) {
                at++;
            }
            boolean refused = lines.get(begin).startsWith(REFUSED);
            int program = refused ? begin + 1 : begin;
            List<String> further =
                    lines.subList(program + 1, at).stream()
                            .filter(line -> !line.startsWith("#"))
                            .toList();
            String id = name + ":" + (program + 1);
            cases.add(new Case(id, refused, lines.get(program), further));
        }
    }

    private static boolean isBetween(String line) {
        return line.isBlank() || line.stripLeading().startsWith("#");
    }
}
