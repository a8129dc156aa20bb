/** What views and publications have in common: named, versioned definitions. */
@NullMarked
package dev.stele.definition;

import org.jspecify.annotations.NullMarked;
