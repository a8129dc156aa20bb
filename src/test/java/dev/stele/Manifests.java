package dev.stele;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The manifests, read as Kubernetes and Knative would: a field that a kind does not have fails. */
final class Manifests {

    static final Path FOLDER = Path.of("k8s");
    static final Path KUSTOMIZATION = Path.of("kustomization.yaml");

    private static final Map<String, Class<? extends HasMetadata>> KINDS =
            Map.of(
                    "v1 ConfigMap",
                    ConfigMap.class,
                    "v1 Service",
                    Service.class,
                    "apps/v1 Deployment",
                    Deployment.class,
                    "batch/v1 Job",
                    Job.class,
                    "serving.knative.dev/v1 Service",
                    io.fabric8.knative.serving.v1.Service.class);

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .annotationIntrospector(new NoOtherFields())
                    .build();

    /** The model classes would keep the fields that they do not know. */
    private static final class NoOtherFields extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }

    private Manifests() {}

    /** What the three kinds of workloads have in common, each with one container. */
    record Workload(boolean serviceLinks, boolean nonRoot, Container container) {

        static Stream<Workload> of(HasMetadata manifest) {
            return switch (manifest) {
                case Deployment one -> Stream.of(of(one.getSpec().getTemplate()));
                case Job one -> Stream.of(of(one.getSpec().getTemplate()));
                case io.fabric8.knative.serving.v1.Service one -> {
                    var pod = one.getSpec().getTemplate().getSpec();
                    Container container = only(pod.getContainers());
                    yield Stream.of(
                            new Workload(
                                    pod.getEnableServiceLinks(),
                                    container.getSecurityContext().getRunAsNonRoot(),
                                    container));
                }
                default -> Stream.empty();
            };
        }

        private static Workload of(PodTemplateSpec template) {
            var pod = template.getSpec();
            return new Workload(
                    pod.getEnableServiceLinks(),
                    pod.getSecurityContext().getRunAsNonRoot(),
                    only(pod.getContainers()));
        }

        Stream<Probe> probes() {
            return Stream.of(
                            container.getStartupProbe(),
                            container.getLivenessProbe(),
                            container.getReadinessProbe())
                    .filter(Objects::nonNull);
        }
    }

    static List<Workload> workloads() {
        List<Workload> workloads = all(HasMetadata.class).stream().flatMap(Workload::of).toList();
        assertEquals(3, workloads.size());
        return workloads;
    }

    static <T extends HasMetadata> List<T> all(Class<T> kind) {
        return files(FOLDER).stream()
                .filter(file -> !file.endsWith(KUSTOMIZATION))
                .map(Manifests::manifest)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static HasMetadata manifest(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static HasMetadata parse(String text) throws JsonProcessingException {
        JsonNode tree = YAML.readTree(text);
        String kind = tree.path("apiVersion").asText() + " " + tree.path("kind").asText();
        return YAML.readValue(text, Objects.requireNonNull(KINDS.get(kind), kind));
    }

    static JsonNode tree(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T only(List<T> list) {
        assertEquals(1, list.size(), list.toString());
        return list.getFirst();
    }
}
