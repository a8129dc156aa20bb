package dev.stele.view;

import dev.stele.definition.Understood;
import dev.stele.jq.JqLimits;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Definitions for tests. JSON with single quotes for double ones, so that programs are legible. */
final class Definitions {

    static final ViewConfig DEFAULTS = config(Map.of());

    /** What programs may spend unless the configuration says otherwise. */
    private static final JqLimits LIMITS =
            new JqLimits(2_000_000, Duration.ofSeconds(2), 1000, 64 << 20, 1_835_008, 1000, 32_768);

    private Definitions() {}

    static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static Understood<CompiledView> understood(String text) {
        return DefinitionReader.understand(json(text), DEFAULTS, LIMITS);
    }

    static CompiledView compiled(String text) {
        return switch (understood(text)) {
            case Understood.Runs<CompiledView>(var view) -> view;
            case Understood.Refused<CompiledView>(var refusal) ->
                    throw new AssertionError(refusal.toString());
        };
    }

    /** The defaults, except for these properties. */
    static ViewConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(properties)
                .withMapping(ViewConfig.class)
                .build()
                .getConfigMapping(ViewConfig.class);
    }
}
