package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.publish.PublicationTopic;
import dev.stele.publish.Publications;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The topics as an AsyncAPI 3.0 document: what a consumer may rely on. */
@Path("/v1/asyncapi")
@Produces(MediaType.APPLICATION_JSON)
class AsyncApiResource {

    private static final String ATTRIBUTES = "Attributes";

    /** Every message has these attributes as headers. */
    private static final List<String> ALWAYS =
            List.of(
                    "ce_specversion",
                    "ce_id",
                    "ce_source",
                    "ce_type",
                    "ce_subject",
                    "ce_time",
                    "ce_partitionkey",
                    "ce_position",
                    "ce_streamversion",
                    "ce_recordedat");

    private static final List<String> SOMETIMES =
            List.of(
                    "content-type",
                    "ce_dataschema",
                    "ce_schemaversion",
                    "ce_correlationid",
                    "ce_causationid",
                    "traceparent");

    private final Publications publications;
    private final String version;

    AsyncApiResource(
            Publications publications,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.publications = publications;
        this.version = version;
    }

    @GET
    public Uni<Response> get(@Context UriInfo uri, @Context HttpHeaders headers) {
        Query.of(uri);
        return publications
                .topics()
                .map(all -> Answer.ofTheMoment(headers, json -> write(json, all)).build());
    }

    private void write(JsonGenerator json, List<PublicationTopic> all) throws IOException {
        json.writeStartObject();
        json.writeStringField("asyncapi", "3.0.0");
        json.writeObjectFieldStart("info");
        json.writeStringField("title", "Topics of an event log");
        json.writeStringField("version", version);
        json.writeStringField(
                "description",
                "Messages are CloudEvents 1.0 in binary mode, in order per key. Read them with"
                        + " isolation.level=read_committed: then each comes exactly once.");
        json.writeEndObject();
        json.writeStringField("defaultContentType", MediaType.APPLICATION_JSON);
        json.writeObjectFieldStart("channels");
        for (PublicationTopic each : all) {
            writeChannel(json, each);
        }
        json.writeEndObject();
        json.writeObjectFieldStart("operations");
        for (PublicationTopic each : all) {
            writeOperation(json, each);
        }
        json.writeEndObject();
        json.writeObjectFieldStart("components");
        json.writeObjectFieldStart("messages");
        for (PublicationTopic each : all) {
            writeMessage(json, each);
        }
        json.writeEndObject();
        json.writeObjectFieldStart("schemas");
        writeAttributes(json);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeChannel(JsonGenerator json, PublicationTopic each) throws IOException {
        json.writeObjectFieldStart(each.name().value());
        json.writeStringField("address", each.topic());
        if (each.description() != null) {
            json.writeStringField("description", each.description());
        }
        json.writeObjectFieldStart("messages");
        writeReference(json, "message", "#/components/messages/" + each.name());
        json.writeEndObject();
        json.writeObjectFieldStart("bindings");
        json.writeObjectFieldStart("kafka");
        json.writeStringField("topic", each.topic());
        json.writeStringField("bindingVersion", "0.5.0");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeOperation(JsonGenerator json, PublicationTopic each)
            throws IOException {
        json.writeObjectFieldStart(each.name().value());
        json.writeStringField("action", "send");
        writeReference(json, "channel", "#/channels/" + each.name());
        json.writeEndObject();
    }

    private static void writeMessage(JsonGenerator json, PublicationTopic each) throws IOException {
        json.writeObjectFieldStart(each.name().value());
        json.writeStringField("name", each.name().value());
        if (each.made()) {
            json.writeStringField("contentType", MediaType.APPLICATION_JSON);
        }
        writeReference(json, "headers", "#/components/schemas/" + ATTRIBUTES);
        // Any value: nothing is promised about it.
        json.writeObjectFieldStart("payload");
        json.writeEndObject();
        json.writeObjectFieldStart("bindings");
        json.writeObjectFieldStart("kafka");
        json.writeObjectFieldStart("key");
        json.writeStringField("type", "string");
        json.writeEndObject();
        json.writeStringField("bindingVersion", "0.5.0");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Attributes of events that came in as CloudEvents may be more. */
    private static void writeAttributes(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(ATTRIBUTES);
        json.writeStringField("type", "object");
        json.writeArrayFieldStart("required");
        for (String name : ALWAYS) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("properties");
        for (List<String> names : List.of(ALWAYS, SOMETIMES)) {
            for (String name : names) {
                json.writeObjectFieldStart(name);
                json.writeStringField("type", "string");
                json.writeEndObject();
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeReference(JsonGenerator json, String member, String target)
            throws IOException {
        json.writeObjectFieldStart(member);
        json.writeStringField("$ref", target);
        json.writeEndObject();
    }
}
