package dev.stele.view;

import dev.stele.subscription.Standing;

/**
 * How the subscription of a version of a view is doing.
 *
 * @param live whether it is the version that reads see
 */
public record ViewStanding(
        ViewName name, int viewVersion, boolean live, ViewStatus.State state, Standing standing) {}
