package dev.stele.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One SQL statement, loaded from the file of its name beside the class that owns it. */
public final class Statement {

    /** By their texts. */
    private static final Map<String, String> NAMES = new ConcurrentHashMap<>();

    private final String sql;

    private Statement(String sql) {
        this.sql = sql;
    }

    /**
     * What a statement that the database shows is called here, e.g. {@code log/append-batch}; empty
     * when it is none of ours.
     *
     * @param text its beginning, as far as the database keeps it
     */
    static Optional<String> nameOf(String text) {
        return text.isBlank()
                ? Optional.empty()
                : NAMES.entrySet().stream()
                        .filter(each -> each.getKey().startsWith(text))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }

    /**
     * Loads {@code <name>.sql} from the resources of {@code owner}'s package.
     *
     * @throws IllegalStateException when there is no such file: a mistake of ours, found by any
     *     test
     */
    public static Statement load(Class<?> owner, String name) {
        try (InputStream file = owner.getResourceAsStream(name + ".sql")) {
            if (file == null) {
                throw new IllegalStateException("no statement " + name + ".sql beside " + owner);
            }
            String sql = new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
            String place = owner.getPackageName();
            NAMES.put(sql, place.substring(place.lastIndexOf('.') + 1) + "/" + name);
            return new Statement(sql);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read statement " + name, e);
        }
    }

    /** Runs the statement, prepared once per connection, in one round trip. */
    public Uni<RowSet<Row>> run(SqlClient client, @Nullable Object... parameters) {
        return client.preparedQuery(sql).execute(Tuple.tuple(Arrays.asList(parameters)));
    }
}
