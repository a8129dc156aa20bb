package dev.stele.json;

/** Limits that a test reaches with little. */
final class SmallLimits implements EventLimits {

    @Override
    public int eventBytes() {
        return 100;
    }

    @Override
    public int appendEvents() {
        return 3;
    }

    @Override
    public int appendBytes() {
        return 1_000;
    }

    @Override
    public int eventTags() {
        return 2;
    }

    @Override
    public int metadataBytes() {
        return 20;
    }

    @Override
    public int appendRequirements() {
        return 2;
    }

    @Override
    public int failIfItems() {
        return 2;
    }

    @Override
    public int failIfNames() {
        return 3;
    }
}
