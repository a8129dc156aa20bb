package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The members of one CloudEvent in the JSON format, as they are met. What is wrong is noted, and
 * reading goes on.
 */
final class CloudEventFields {

    private final StrictParser parser;
    private final String pointer;
    private final EventLimits limits;
    private final Flaws flaws;
    private final NewCloudEvent event;

    private @Nullable Payload data;
    private @Nullable Payload text;
    private @Nullable Payload bytes;

    CloudEventFields(StrictParser parser, String pointer, EventLimits limits, Flaws flaws) {
        this.parser = parser;
        this.pointer = pointer;
        this.limits = limits;
        this.flaws = flaws;
        this.event = new NewCloudEvent(limits, this::flaw);
    }

    /** Reads the current value, which should be an object, to its end. */
    NewEvent read() {
        if (parser.current() == JsonToken.START_OBJECT) {
            int start = parser.tokenStart();
            Members.read(parser, pointer, flaws, this::readMember);
            LimitExceeded.requireAtMost(
                    "event-bytes", parser.tokenEnd() - start, limits.eventBytes());
        } else {
            flaws.add(pointer, "a CloudEvent must be an object");
            parser.skipValue();
        }
        if (bytes != null) {
            if (data != null) {
                flaw("data_base64", "must not be beside data");
            }
            return event.toEvent(bytes, true);
        }
        if (data == null || event.isJson()) {
            return event.toEvent(data, false);
        }
        if (text == null) {
            flaw("data", "must be a string, for datacontenttype says that it is not JSON");
        }
        return event.toEvent(text, false);
    }

    private void readMember(String name) {
        switch (name) {
            case "data" -> {
                text = isString() ? Payload.of(parser.text()) : null;
                data = parser.captureValue();
            }
            case "data_base64" -> bytes = bytes();
            default -> readAttribute(name);
        }
    }

    private boolean isString() {
        return parser.current() == JsonToken.VALUE_STRING;
    }

    private @Nullable Payload bytes() {
        if (parser.current() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (isString()) {
            try {
                return Payload.of(Base64.getDecoder().decode(parser.text()));
            } catch (IllegalArgumentException _) {
                // Said below, as for anything else that is not Base64.
            }
        }
        flaw("data_base64", "must be a string of Base64");
        parser.skipValue();
        return null;
    }

    /** An attribute that is null is absent. */
    private void readAttribute(String name) {
        switch (parser.current()) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> event.set(name, parser.text());
            case VALUE_TRUE -> event.set(name, true);
            case VALUE_FALSE -> event.set(name, false);
            case VALUE_NUMBER_INT -> {
                try {
                    event.set(name, Integer.parseInt(parser.text()));
                } catch (NumberFormatException _) {
                    flaw(name, "must be within 32 bits, or a string");
                }
            }
            default -> {
                flaw(name, "must be a string, a whole number or a boolean");
                parser.skipValue();
            }
        }
    }

    private void flaw(String name, String detail) {
        flaws.add(JsonDocument.pointer(pointer, name), detail);
    }
}
