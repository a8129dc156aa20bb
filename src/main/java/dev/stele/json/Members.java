package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The members of an object, met one by one. */
final class Members {

    private Members() {}

    /**
     * Reads the members of the current object to its end; each is read once, a repeat is a flaw.
     *
     * @param pointer to the object
     * @param member reads the current value, which is that of the member of this name
     * @return the names
     */
    static Set<String> read(
            StrictParser parser, String pointer, Flaws flaws, Consumer<String> member) {
        Set<String> seen = new HashSet<>();
        while (parser.next() != JsonToken.END_OBJECT) {
            String name = parser.text();
            parser.next();
            if (seen.add(name)) {
                member.accept(name);
            } else {
                flaws.add(JsonDocument.pointer(pointer, name), "this member occurs twice");
                parser.skipValue();
            }
        }
        return seen;
    }
}
