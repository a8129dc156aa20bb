package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "postgresql://db/stele, jdbc:postgresql://db/stele",
        "postgresql://db:5433/stele?sslmode=require,"
                + " jdbc:postgresql://db:5433/stele?sslmode=require",
        "postgres://db/stele, jdbc:postgresql://db/stele",
        "vertx-reactive:postgresql://db:5432/stele, jdbc:postgresql://db:5432/stele",
        "postgresql://ann:secret@db/stele, jdbc:postgresql://db/stele",
        "'postgresql://one/stele,postgresql://two/stele', jdbc:postgresql://one/stele"
    })
    void the_jdbc_address_is_that_of_the_reactive_one(String reactive, String jdbc) {
        assertEquals(jdbc, DerivedSettings.jdbcUrl(reactive));
    }
}
