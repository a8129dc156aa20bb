/**
 * The start of the service, and nothing else: {@link dev.stele.Main} looks at the settings before
 * anything is started, and says in one line each what is wrong with them: those that must be there
 * ({@link dev.stele.Setting}), and all of the service's own ({@link dev.stele.Limits}).
 *
 * <p>Everything that the service does is in the packages below this one. None of them knows it.
 */
@NullMarked
package dev.stele;

import org.jspecify.annotations.NullMarked;
