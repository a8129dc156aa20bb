package dev.stele.view;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Definitions for tests. JSON with single quotes for double ones, so that programs are legible. */
final class Definitions {

    static final ViewConfig DEFAULTS = config(Map.of());

    private Definitions() {}

    static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static CompiledView compiled(String text) {
        return switch (Understood.of(json(text), DEFAULTS)) {
            case Understood.Runs(var view) -> view;
            case Understood.Refused(var refusal) -> throw new AssertionError(refusal.toString());
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
