package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** How a run ended. */
public sealed interface JqOutcome {

    /** Everything the program yielded, in order; the trees may share parts with the input. */
    record Values(List<JsonNode> values) implements JqOutcome {
        public Values {
            values = List.copyOf(values);
        }
    }

    /** The program raised an error that it did not catch. */
    record Failed(String error) implements JqOutcome {}

    /** The program was stopped: {@code budget} is the name of the limit in {@link JqLimits}. */
    record OverBudget(String budget, String detail) implements JqOutcome {}
}
