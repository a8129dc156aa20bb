package dev.stele.postgres;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Derives the JDBC address, which the migrations need, from the reactive one, so that there is one
 * address to set. An address that is set explicitly wins.
 */
public final class DerivedSettings implements ConfigSourceFactory {

    /** Below every source that a person writes. */
    private static final int ORDINAL = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue reactive = context.getValue("quarkus.datasource.reactive.url");
        if (reactive == null || reactive.getValue() == null) {
            return List.of();
        }
        String jdbc = jdbcUrl(reactive.getValue());
        return List.of(
                new PropertiesConfigSource(
                        Map.of(
                                "quarkus.datasource.jdbc.url",
                                jdbc,
                                "quarkus.flyway.jdbc-url",
                                jdbc),
                        "derived from quarkus.datasource.reactive.url",
                        ORDINAL));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ORDINAL);
    }

    /**
     * The JDBC form of a reactive address: {@code [vertx-reactive:]postgres[ql]://host:port/db?…}.
     * A user and password within it are left out: they have settings of their own. Of several
     * addresses the first counts.
     */
    static String jdbcUrl(String reactive) {
        String address = reactive.split(",", 2)[0].strip();
        String bare =
                address.startsWith("vertx-reactive:")
                        ? address.substring("vertx-reactive:".length())
                        : address;
        return "jdbc:postgresql://" + bare.replaceFirst("^[a-z]+://([^/@]*@)?", "");
    }
}
