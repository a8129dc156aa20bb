package dev.stele;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.core.TokenStreamFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.LastFailure;
import dev.stele.postgres.LockWaits;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What may know what, and what is nowhere. */
class ArchitectureTest {

    private static final String ROOT = "dev.stele";
    private static final int MAX_LINES = 300;
    private static final Path SOURCES = Path.of("src/main/java/dev/stele");
    private static final Path STATEMENTS = Path.of("src/main/resources/dev/stele");
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

    /** The packages, and which others each may use. */
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    entry("event"),
                    entry("postgres"),
                    entry("jq"),
                    entry("wire"),
                    entry("json", "event"),
                    entry("definition", "event", "jq", "json", "postgres"),
                    entry("job", "postgres"),
                    entry("log", "event", "postgres"),
                    entry("subscription", "event", "log", "postgres"),
                    entry(
                            "view",
                            "definition",
                            "event",
                            "job",
                            "jq",
                            "json",
                            "log",
                            "subscription",
                            "postgres"),
                    entry(
                            "publish",
                            "definition",
                            "event",
                            "jq",
                            "json",
                            "log",
                            "subscription",
                            "postgres"),
                    entry(
                            "http",
                            "definition",
                            "event",
                            "job",
                            "json",
                            "log",
                            "subscription",
                            "view",
                            "publish",
                            "wire"));

    /**
     * What packages without tables may know of PostgreSQL: what its failures mean, and what is
     * stuck there. Statements are for those who own tables.
     */
    private static final Map<String, Set<Class<?>>> OF_POSTGRES =
            Map.of("http", Set.of(DatabaseFailure.class, LastFailure.class, LockWaits.class));

    /** Everywhere else a pipeline is handed on to whoever asked for it. */
    private static final Map<String, String> MAY_SUBSCRIBE =
            Map.ofEntries(
                    Map.entry(
                            "dev.stele.http.BulkAppends",
                            "requests that the framework does not see"),
                    Map.entry(
                            "dev.stele.definition.LocalDefinitions",
                            "the rounds of reading which definitions there are"),
                    Map.entry("dev.stele.job.Jobs", "a job outlives the request that starts it"),
                    Map.entry(
                            "dev.stele.publish.OpenWriters",
                            "a writer that rests is let go of, whoever needs its seat"),
                    Map.entry("dev.stele.log.GroupCommit", "one commit answers many appends"),
                    Map.entry("dev.stele.log.Head", "one reading wakes all who wait"),
                    Map.entry(
                            "dev.stele.postgres.Migrations", "the migration runs beside the start"),
                    Map.entry(
                            "dev.stele.publish.CheckpointSaver",
                            "saves beside the work, not within it"),
                    Map.entry(
                            "dev.stele.subscription.ReturnedLeases",
                            "the looks between the rounds of the leases"),
                    Map.entry("dev.stele.subscription.StallRecord", "looks at work from beside it"),
                    Map.entry("dev.stele.subscription.LeaseKeeper", "the rounds of the leases"),
                    Map.entry(
                            "dev.stele.subscription.RestingCheckpoints",
                            "rounds, for all that wait"),
                    Map.entry("dev.stele.subscription.Subscription", "the steps of a subscription"),
                    Map.entry("dev.stele.subscription.Tail", "one reading wakes all who wait"),
                    Map.entry("dev.stele.view.CheckpointWatch", "one reading wakes all who wait"),
                    Map.entry(
                            "dev.stele.view.Verifier",
                            "the rounds of checking views by themselves"));

    /** At the stop, and on worker threads. */
    private static final Map<String, String> MAY_WAIT =
            Map.of(
                    "dev.stele.http.OrderlyEnd", "at the stop, for the last answers",
                    "dev.stele.subscription.LeaseKeeper", "at the stop, for the leases' release",
                    "dev.stele.jq.JqThreads", "at the stop, for the last program",
                    "dev.stele.postgres.Migrations", "where nothing else is started",
                    "dev.stele.publish.Topics", "on a worker thread: the client has futures only",
                    "dev.stele.publish.TopicSettings", "on a worker thread: the same",
                    "dev.stele.publish.CheckpointTopic", "on the writer's thread: the same",
                    "dev.stele.publish.SentMessages", "on a worker thread: the same",
                    "dev.stele.publish.RecordWriter", "on a worker thread: the same");

    private static Map.Entry<String, Set<String>> entry(String name, String... below) {
        return Map.entry(name, Set.of(below));
    }

    @Test
    void every_package_is_in_the_plan() {
        Set<String> found = new TreeSet<>();
        CLASSES.forEach(one -> found.add(packageOf(one)));
        found.remove("");

        assertEquals(new TreeSet<>(ARROWS.keySet()), found);
    }

    @Test
    void packages_use_only_what_is_below_them() {
        ARROWS.forEach(
                (name, below) -> {
                    String[] allowed =
                            Stream.concat(Stream.of(name), below.stream())
                                    .map(one -> ROOT + "." + one + "..")
                                    .toArray(String[]::new);
                    Class<?>[] exceptions =
                            OF_POSTGRES.getOrDefault(name, Set.of()).toArray(Class[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + name + "..")
                            .should()
                            .dependOnClassesThat(
                                    resideInAPackage(ROOT + "..")
                                            .and(not(resideInAnyPackage(allowed)))
                                            .and(not(belongToAnyOf(exceptions))))
                            .check(CLASSES);
                });
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nobody_knows_the_start_and_the_start_knows_nobody() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
    }

    @Test
    void the_embedded_servers_and_the_tests_are_unknown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".servers..", ROOT + ".testing..", "org.junit..", "io.zonky..")
                .check(CLASSES);
    }

    @Test
    void packages_are_named_by_what_they_do() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        Stream.of(
                                        "util",
                                        "utils",
                                        "common",
                                        "dto",
                                        "impl",
                                        "model",
                                        "mapper",
                                        "service",
                                        "repository",
                                        "helper")
                                .map(name -> ".." + name + "..")
                                .toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void every_package_is_null_marked() {
        Set<String> unmarked =
                CLASSES.stream()
                        .map(JavaClass::getPackage)
                        .filter(one -> !one.isAnnotatedWith(NullMarked.class))
                        .map(one -> one.getName())
                        .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), unmarked);
    }

    @Test
    void jdbc_is_flyway_s_affair_and_flyway_that_of_postgres() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "io.agroal..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.flywaydb..", "io.quarkus.flyway..")
                .check(CLASSES);
    }

    @Test
    void what_a_class_needs_comes_through_its_constructor() {
        noFields()
                .should()
                .beAnnotatedWith(Inject.class)
                .orShould()
                .beAnnotatedWith(ConfigProperty.class)
                .check(CLASSES);
    }

    @Test
    void only_some_classes_subscribe() {
        assertEquals(
                MAY_SUBSCRIBE.keySet(),
                callers(
                        call ->
                                call.getTargetOwner().getPackageName().startsWith("io.smallrye")
                                        && call.getName().startsWith("subscribe")));
    }

    @Test
    void only_some_classes_wait() {
        assertEquals(
                MAY_WAIT.keySet(),
                callers(call -> isWait(call.getTargetOwner().getName(), call.getName())));
    }

    /** Limits of their own would be smaller than those of the edge, or larger. */
    @Test
    void json_is_set_up_in_one_place_and_for_programs_in_another() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".json.Jackson")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".jq.JsonText")
                .should()
                .dependOnClassesThat(
                        assignableTo(TokenStreamFactory.class)
                                .or(assignableTo(TSFBuilder.class))
                                .or(assignableTo(ObjectCodec.class))
                                .or(assignableTo(MapperBuilder.class)))
                .check(CLASSES);
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(JsonNode.class)))
                                .and(target(nameMatching("to(Pretty)?String"))))
                .check(CLASSES);
    }

    @Test
    void nobody_sleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }

    @Test
    void only_the_start_writes_to_the_console() {
        noClasses().should().accessField(System.class, "out").check(CLASSES);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Main.class)
                .should()
                .accessField(System.class, "err")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Main.class)
                .should()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void no_class_is_longer_than_300_lines() {
        forEachSource(
                (file, text) -> {
                    long lines = text.lines().count();
                    assertFalse(lines > MAX_LINES, file + " has " + lines + " lines");
                });
    }

    @Test
    void sql_is_in_files_of_its_own() {
        Pattern sql =
                Pattern.compile(
                        "\"\\s*(?i:select|insert\\s+into|update|delete\\s+from|with|create|alter|"
                                + "drop|truncate|merge\\s+into)\\s+\\w");
        forEachSource((file, text) -> assertFalse(sql.matcher(text).find(), file.toString()));
    }

    @Test
    void every_statement_is_loaded_by_a_class_of_its_package_and_is_there() {
        Pattern load = Pattern.compile("load\\(\\s*(?:\\w+\\.class,\\s*)?\"([a-z]+(?:-[a-z]+)+)\"");
        Map<String, Set<String>> loaded = new TreeMap<>();
        forEachSource(
                (file, text) ->
                        load.matcher(text)
                                .results()
                                .forEach(
                                        found ->
                                                add(
                                                        loaded,
                                                        folder(SOURCES, file),
                                                        found.group(1))));
        Map<String, Set<String>> there = new TreeMap<>();
        forEachFile(
                STATEMENTS,
                ".sql",
                file ->
                        add(
                                there,
                                folder(STATEMENTS, file),
                                file.getFileName().toString().replace(".sql", "")));

        assertEquals(there, loaded);
    }

    private static void add(Map<String, Set<String>> all, String folder, String name) {
        all.computeIfAbsent(folder, _ -> new TreeSet<>()).add(name);
    }

    private static String folder(Path root, Path file) {
        return String.valueOf(root.relativize(file).getParent());
    }

    /** The top-level classes with such a call. */
    private static Set<String> callers(Predicate<JavaAccess<?>> call) {
        return CLASSES.stream()
                .flatMap(
                        one ->
                                Stream.concat(
                                        one.getMethodCallsFromSelf().stream(),
                                        one.getMethodReferencesFromSelf().stream()))
                .filter(call)
                .map(found -> topLevel(found.getOriginOwner()))
                .collect(Collectors.toSet());
    }

    private static boolean isWait(String owner, String method) {
        return switch (method) {
            case "await" ->
                    owner.startsWith("io.smallrye.mutiny") || owner.startsWith("java.util.concur");
            case "awaitTermination", "acquire", "take", "invokeAll", "invokeAny" ->
                    owner.startsWith("java.util.concurrent");
            case "get", "join" -> owner.endsWith("Future") || owner.endsWith("CompletableFuture");
            case "wait" -> owner.equals("java.lang.Object");
            case "awaitSuspending", "toCompletableFuture" -> true;
            default -> false;
        };
    }

    private static String topLevel(JavaClass one) {
        return one.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(one.getName());
    }

    private static String packageOf(JavaClass one) {
        String[] parts = one.getPackageName().substring(ROOT.length()).split("\\.", -1);
        return parts.length < 2 ? "" : parts[1];
    }

    private static void forEachSource(BiConsumer<Path, String> check) {
        forEachFile(SOURCES, ".java", file -> check.accept(file, read(file)));
    }

    private static void forEachFile(Path folder, String ending, Consumer<Path> action) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
            assertFalse(found.isEmpty(), folder.toString());
            found.forEach(action);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
