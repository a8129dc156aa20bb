import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stele.jq.JqCompilation;
import dev.stele.jq.JqLimits;
import dev.stele.jq.JqOutcome;
import dev.stele.jq.JqProgram;
import java.util.Map;
import java.util.concurrent.Callable;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;

/**
 * Folds one event with typical handlers: with budgets, and by jackson-jq's own interpreter without.
 *
 * <p>Run it with the compiled classes and the test class path: {@code java -cp … FoldBench.java}.
 */
public final class FoldBench {
    private static final int ROUNDS = 8;
    private static final int FOLDS = 400_000;
    private static final int COMPILES = 5_000;

    private static final String[] HANDLERS = {
        ".balance += $event.data.amount",
        ".owner = $event.data.owner",
        ".open += (if $event.type == \"x\" then 1 else -1 end)",
        ".items += [{id: $event.data.id, n: $event.data.amount}] | .total = (.items | map(.n) |"
                + " add)",
    };

    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode state =
                mapper.readTree(
                        "{\"balance\":5,\"owner\":\"ann\",\"open\":3,\"items\":[{\"id\":1,\"n\":2}]}");
        JsonNode event =
                mapper.readTree(
                        "{\"type\":\"x\",\"data\":{\"amount\":7,\"owner\":\"bob\",\"id\":9}}");
        Scope root = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, root);
        for (String handler : HANDLERS) {
            JqProgram program = compiled(handler);
            JsonQuery query = JsonQuery.compile(handler, Versions.JQ_1_6);
            Map<String, JsonNode> variables = Map.of("event", event);
            Callable<Object> ours =
                    () -> ((JqOutcome.Values) program.run(state, variables)).values();
            Callable<Object> theirs =
                    () -> {
                        Scope scope = Scope.newChildScope(root);
                        scope.setValue("event", event);
                        JsonNode[] last = new JsonNode[1];
                        query.apply(scope, state, value -> last[0] = value);
                        return last[0];
                    };
            System.out.printf(
                    "%-90s budgeted %6.0f ns, jackson-jq %6.0f ns, compile %6.0f ns%n",
                    handler,
                    bestNanos(ours, FOLDS),
                    bestNanos(theirs, FOLDS),
                    bestNanos(() -> compiled(handler), COMPILES));
        }
    }

    private static JqProgram compiled(String source) {
        var compilation = JqProgram.compile(source, JqLimits.defaults(), "event");
        return ((JqCompilation.Compiled) compilation).program();
    }

    private static double bestNanos(Callable<Object> work, int times) throws Exception {
        double best = Double.MAX_VALUE;
        Object kept = null;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                kept = work.call();
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) times);
        }
        if (kept == null) {
            throw new IllegalStateException("nothing was done");
        }
        return best;
    }
}
