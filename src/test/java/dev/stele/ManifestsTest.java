package dev.stele;

import static dev.stele.Manifests.FOLDER;
import static dev.stele.Manifests.KUSTOMIZATION;
import static dev.stele.Manifests.all;
import static dev.stele.Manifests.files;
import static dev.stele.Manifests.only;
import static dev.stele.Manifests.parse;
import static dev.stele.Manifests.tree;
import static dev.stele.Manifests.workloads;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stele.Manifests.Workload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.quarkus.runtime.configuration.DurationConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests are what Kubernetes and Knative understand, and they fit together. */
class ManifestsTest {

    @Test
    void a_field_that_its_kind_does_not_have_is_found() throws IOException {
        String text = Files.readString(FOLDER.resolve("base/deployment.yaml"));

        for (String broken :
                List.of(
                        text.replace("failureThreshold: 60", "failuresThreshold: 60"),
                        text.replace("replicas: 2", "replicas: two"),
                        text.replace("replicas: 2", "replicas: 2\n  replicas: 3"))) {
            assertThrows(JsonProcessingException.class, () -> parse(broken));
        }
    }

    @Test
    void kustomizations_name_the_files_that_there_are() {
        Set<Path> named = new TreeSet<>();
        for (Path file : files(FOLDER)) {
            if (file.endsWith(KUSTOMIZATION)) {
                tree(file)
                        .get("resources")
                        .forEach(name -> named.add(file.resolveSibling(name.asText()).normalize()));
            }
        }
        Set<Path> there = new TreeSet<>(Set.of(FOLDER.resolve("base")));
        files(FOLDER).stream().filter(file -> !file.endsWith(KUSTOMIZATION)).forEach(there::add);

        assertEquals(there, named);
    }

    @Test
    void the_service_leads_to_the_pods_of_the_deployment_alone() {
        var service = only(all(Service.class)).getSpec();
        var deployment = only(all(Deployment.class)).getSpec();
        var pod = deployment.getTemplate();

        assertEquals(pod.getMetadata().getLabels(), service.getSelector());
        assertEquals(pod.getMetadata().getLabels(), deployment.getSelector().getMatchLabels());
        assertFalse(
                only(all(Job.class))
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(service.getSelector().entrySet()));
        assertEquals(
                only(only(pod.getSpec().getContainers()).getPorts()).getName(),
                only(service.getPorts()).getTargetPort().getStrVal());
    }

    @Test
    void probes_ask_at_the_port_for_something_that_is_served() {
        Set<String> served =
                tree(Path.of("src/main/resources/META-INF/openapi.yaml"))
                        .get("paths")
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
        for (Workload workload : workloads()) {
            workload.probes()
                    .map(Probe::getHttpGet)
                    .forEach(
                            probe -> {
                                assertTrue(served.contains(probe.getPath()), probe.getPath());
                                // Knative's probes ask at the only port there is.
                                assertTrue(
                                        probe.getPort() == null
                                                || probe.getPort()
                                                        .getStrVal()
                                                        .equals(
                                                                only(workload.container()
                                                                                .getPorts())
                                                                        .getName()));
                            });
        }
    }

    @Test
    void a_pod_is_given_the_time_that_its_end_takes() {
        var pod = only(all(Deployment.class)).getSpec().getTemplate().getSpec();
        long pause = only(pod.getContainers()).getLifecycle().getPreStop().getSleep().getSeconds();
        Limit end =
                Limits.ALL.stream()
                        .filter(limit -> limit.property().equals("stele.end.timeout"))
                        .findFirst()
                        .orElseThrow();
        long longest = DurationConverter.parseDuration(end.initial()).toSeconds();

        assertTrue(pod.getTerminationGracePeriodSeconds() > pause + longest);
    }

    @Test
    void the_image_is_the_same_everywhere_and_of_this_version() throws IOException {
        String version =
                found(Files.readString(Path.of("pom.xml")), "<version>([^<]+)</version>")
                        .findFirst()
                        .orElseThrow();
        workloads()
                .forEach(
                        workload ->
                                assertEquals("stele:" + version, workload.container().getImage()));
        for (Path file : dockerfiles()) {
            assertEquals(
                    List.of("stele"),
                    found(Files.readString(file), "docker build .* -t (\\S+)").toList(),
                    file.toString());
        }
    }

    @Test
    void every_variable_is_one_that_the_readme_explains() throws IOException {
        String variable = "\\b((?:QUARKUS|KAFKA|STELE)_[A-Z_]+[A-Z])\\b";
        Set<String> explained =
                found(Files.readString(Path.of("README.md")), "(?m)^\\| (`.*)$")
                        .flatMap(row -> found(row.split(" \\| ", 2)[0], variable))
                        .collect(Collectors.toSet());
        for (Path file : Stream.concat(files(FOLDER).stream(), dockerfiles().stream()).toList()) {
            assertEquals(
                    List.of(),
                    found(Files.readString(file), variable)
                            .filter(name -> !explained.contains(name))
                            .toList(),
                    file.toString());
        }
    }

    @Test
    void configuration_comes_from_the_config_map_and_from_secrets() {
        ConfigMap settings = only(all(ConfigMap.class));

        assertEquals("false", settings.getData().get("STELE_MIGRATE_AT_START"));
        workloads()
                .forEach(
                        workload ->
                                assertEquals(
                                        List.of(settings.getMetadata().getName()),
                                        workload.container().getEnvFrom().stream()
                                                .filter(from -> from.getConfigMapRef() != null)
                                                .map(from -> from.getConfigMapRef().getName())
                                                .toList()));
    }

    @Test
    void the_job_migrates_and_the_others_serve() {
        for (Workload workload : workloads()) {
            boolean serves = !workload.container().getPorts().isEmpty();
            assertEquals(serves ? List.of() : List.of("migrate"), workload.container().getArgs());
            assertEquals(serves, workload.container().getReadinessProbe() != null);
        }
    }

    @Test
    void no_container_may_do_more_than_it_must() {
        for (Workload workload : workloads()) {
            SecurityContext rights = workload.container().getSecurityContext();
            assertTrue(workload.nonRoot());
            assertFalse(workload.serviceLinks());
            assertTrue(rights.getReadOnlyRootFilesystem());
            assertFalse(rights.getAllowPrivilegeEscalation());
            assertEquals(List.of("ALL"), rights.getCapabilities().getDrop());
            assertTrue(workload.container().getResources().getLimits().containsKey("memory"));
        }
    }

    private static List<Path> dockerfiles() {
        return files(Path.of("src/main/docker"));
    }

    private static Stream<String> found(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1));
    }
}
