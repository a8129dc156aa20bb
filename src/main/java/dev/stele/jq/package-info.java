/**
 * A jq that is safe to run for strangers: compiled once, run many times, always within a budget.
 *
 * <p>The way of a program: {@code Tokens} (jackson-jq's tokenizer) → {@code Parser} and {@code
 * TermParser} (the grammar; names are resolved here, by {@code Scope}) → a tree of {@code Filter}
 * closures → {@link dev.stele.jq.JqProgram#run}. A filter pushes each of its values into an {@code
 * Out}. When it is asked for paths too, values carry a {@code Path}; that is all that assignment,
 * {@code path} and {@code del} need.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Every loop and every call passes {@code Budget.step}; whatever takes or makes n bytes pays
 *       for them <em>before</em> it begins. What exceeds throws {@code Signal.Exhausted}, which no
 *       jq {@code try} can catch.
 *   <li>The same program, input and variables give the same values and spend the same steps, on
 *       every machine: only {@code maxTime} and the Java stack depend on the machine, and their
 *       defaults are far above what the other limits permit.
 *   <li>Trees are never changed once another filter can see them, so that inputs, results and
 *       literals may share their parts. {@code Edit} is the one place that changes a tree in place,
 *       and only containers it made itself.
 *   <li>A shared tree is small in memory and may be vast when written: whatever walks a tree pays a
 *       step for each node it meets.
 *   <li>{@code JsonText} reads and writes the texts of values, without limits of its own: this
 *       package knows nothing of ours, so it has a set-up of its own, and what bounds it is the
 *       budget. The default budget lets through whatever an event may be.
 *   <li>A name that is not defined does not compile. There is no clock, no environment, no file, no
 *       second input.
 * </ul>
 *
 * <p>What is not here: what a program is for (its variables have no meaning here), caches of
 * programs, and where results go. The language as users see it is in {@code docs/jq.md}; why the
 * evaluation is our own is in {@code adr/0006-jq-with-budgets.md}.
 */
@NullMarked
package dev.stele.jq;

import org.jspecify.annotations.NullMarked;
