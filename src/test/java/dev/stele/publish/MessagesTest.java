package dev.stele.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.definition.Understood;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.jq.JqLimits;
import dev.stele.subscription.Parking;
import dev.stele.subscription.Slices;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs make is a message only if its readers can read it. */
class MessagesTest {

    @ParameterizedTest
    @CsvSource({
        "key, [0] | implode, U+0000",
        "type, [0] | implode, U+0000",
        "value, [0] | implode, U+0000",
        "value, '{a: [{([0] | implode): 1}]}', U+0000",
        "key, .data | fromjson, unpaired surrogate",
        "type, .data | fromjson, unpaired surrogate",
        "value, '[.data | fromjson]', unpaired surrogate"
    })
    void a_text_that_nobody_could_read_fails_the_program(
            String member, String program, String because) {
        Parking parking = Parking.trial();
        Messages.Batch batch = made("{'topic':'t','%s':'%s'}".formatted(member, program), parking);

        assertEquals(List.of(), batch.records());
        String told = parking.failure();
        assertNotNull(told);
        assertTrue(told.contains(member + ": ") && told.contains(because), told);
    }

    @Test
    void characters_are_written_as_themselves() {
        Messages.Batch batch = made("{'topic':'t','value':'{\\'😀\\': .type}'}", Parking.trial());

        assertNull(batch.because());
        assertEquals(
                List.of("{\"\ud83d\ude00\":\"A\"}"),
                batch.records().stream()
                        .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                        .toList());
    }

    private static Messages.Batch made(String definition, Parking parking) {
        byte[] text = definition.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        if (!(Understood.of(
                        PublicationReader.read(text, 10_000, "reserved"),
                        JqLimits.defaults(),
                        CompiledPublication::compile)
                instanceof Understood.Runs<CompiledPublication>(var publication))) {
            throw new AssertionError(definition);
        }
        RecordedEvent event =
                new RecordedEvent(
                        new GlobalPosition(1),
                        new StreamId("s"),
                        new StreamVersion(1),
                        new EventId(new UUID(0, 1)),
                        new EventType("A"),
                        null,
                        Instant.EPOCH,
                        null,
                        null,
                        Payload.of("\"\\\"\\\\ud800\\\"\""),
                        null,
                        null,
                        References.NONE,
                        List.of(),
                        null);
        return new Messages(publication, new UUID(0, 0), 1 << 20, 1_024)
                .made(Slices.of(List.of(event)), parking, _ -> false);
    }
}
