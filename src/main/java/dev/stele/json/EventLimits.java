package dev.stele.json;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much one append may carry. More is answered 413 with the limit's name. */
@ConfigMapping(prefix = "stele.limits")
public interface EventLimits {

    /** Most bytes of one event's JSON. */
    @WithDefault("1048576")
    int eventBytes();

    /** Most events of one append. */
    @WithDefault("1000")
    int appendEvents();

    /** Most bytes of one append's body. */
    @WithDefault("8388608")
    int appendBytes();

    /** Most tags of one event. */
    @WithDefault("32")
    int eventTags();

    /** Most bytes of one event's metadata. */
    @WithDefault("65536")
    int metadataBytes();

    /** Most streams of which one append requires something without writing to them. */
    @WithDefault("1000")
    int appendRequirements();

    /** Most items of one append's failIf. */
    @WithDefault("100")
    int failIfItems();

    /** Most types, and most tags, of one item. */
    @WithDefault("100")
    int failIfNames();
}
