/**
 * The vocabulary: the words of the glossary as types, and nothing else.
 *
 * <p>Every value checks itself when it is made, so that code which holds a {@link
 * dev.stele.event.StreamId} never asks again whether it is one. A constructor that refuses throws
 * {@link java.lang.IllegalArgumentException} with a sentence that a user can act on; the edge turns
 * it into a problem document.
 *
 * <p>Names are compared byte by byte: no case folding, no Unicode normalisation.
 *
 * <p>What is not here: wire forms (package {@code json}), SQL (package {@code log}), and any
 * behaviour beyond validation.
 */
@NullMarked
package dev.stele.event;

import org.jspecify.annotations.NullMarked;
