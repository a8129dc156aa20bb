/**
 * PostgreSQL and Kafka without Docker, for development and tests: two real servers as child
 * processes, with their data in a folder of this project.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li><b>Nothing outlives the JVM.</b> Each server hangs on a {@link dev.stele.servers.Leash}: a
 *       small {@code sh} that holds the read end of a pipe from the JVM. When the JVM is gone, for
 *       whatever reason ({@code kill -9} included), the pipe ends and the shell ends the server.
 *       There is no shutdown hook to forget and no other way to end.
 *   <li><b>One server per folder.</b> The leash locks the folder and every process below it
 *       inherits the lock, so the folder is free when the last of them has gone, and not before.
 *   <li><b>Data is durable and found again.</b> {@code fsync} stays on, and a folder is initialised
 *       under another name and renamed, so a half-made one is never taken for a whole one.
 *   <li><b>Only this machine can connect.</b> Both listen on 127.0.0.1.
 * </ul>
 *
 * <pre>
 *   Maven or test JVM ──pipe──▶ sh (Leash) ──▶ postgres
 *                     ──pipe──▶ sh (Leash) ──▶ java KafkaBroker
 *                     ──pipe──▶ sh (DevJvm) ┄┄ at the end ┄▶ the JVM that quarkus:dev forked
 * </pre>
 *
 * <p>Entry points: {@link dev.stele.servers.Servers} starts both; {@link
 * dev.stele.servers.DevServers} and {@link dev.stele.servers.ForegroundServers} are the programs
 * behind {@code ./mvnw -Pdev} and {@code ./mvnw -Pservers}.
 *
 * <p>What is not here: anything that production needs. The package is compiled with the tests and
 * its libraries have test scope. It knows neither the schema nor the topics of the application.
 */
@NullMarked
package dev.stele.servers;

import org.jspecify.annotations.NullMarked;
