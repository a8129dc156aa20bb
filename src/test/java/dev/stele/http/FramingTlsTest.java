package dev.stele.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.servers.Ports;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What holds for the framing of requests holds for what is encrypted. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(FramingTlsTest.Encrypted.class)
class FramingTlsTest {

    private static final Path KEYS = Path.of("target", "framing-tls.p12");
    private static final String PASSWORD = "changeit";
    private static final String PORT = "quarkus.http.test-ssl-port";
    private static final String NEXT =
            "GET /v1/log HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    public static final class Encrypted implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            makeKeys();
            return Map.of(
                    // The registry outlives the application that a test before this one started.
                    "quarkus.micrometer.binder.http-server.enabled",
                    "false",
                    PORT,
                    Integer.toString(Ports.free()),
                    "quarkus.http.ssl.certificate.key-store-file",
                    KEYS.toString(),
                    "quarkus.http.ssl.certificate.key-store-password",
                    PASSWORD);
        }

        private static void makeKeys() {
            try {
                Files.deleteIfExists(KEYS);
                int result =
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-keystore",
                                        KEYS.toString(),
                                        "-storetype",
                                        "PKCS12",
                                        "-storepass",
                                        PASSWORD,
                                        "-alias",
                                        "stele",
                                        "-keyalg",
                                        "EC",
                                        "-dname",
                                        "CN=localhost",
                                        "-ext",
                                        "san=dns:localhost")
                                .inheritIO()
                                .start()
                                .waitFor();
                assertEquals(0, result);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static int port() {
        return ConfigProvider.getConfig().getValue(PORT, Integer.class);
    }

    private static SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance(KEYS.toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("stele", keys.getCertificate("stele"));
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static List<Integer> statuses(String request) throws Exception {
        try (Wire wire =
                Wire.over(trusting().getSocketFactory().createSocket("localhost", port()))) {
            wire.send((request + NEXT).getBytes(StandardCharsets.US_ASCII));
            return wire.answers().stream().map(Wire.Answer::status).toList();
        }
    }

    @Test
    void what_has_one_meaning_is_answered() throws Exception {
        assertEquals(
                List.of(200, 200), statuses("GET /v1/log HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    @Test
    void what_has_two_is_not() throws Exception {
        assertEquals(
                List.of(400),
                statuses(
                        """
                        POST /v1/streams/a/events HTTP/1.1\r
                        Host: a\r
                        Content-Length: 3\r
                        Transfer-Encoding: chunked\r
                        \r
                        0\r
                        \r
                        """));
        assertEquals(
                List.of(200, 400),
                statuses(
                        """
                        GET /v1/log HTTP/1.1\r
                        Host: a\r
                        \r
                        GET /v1/log HTTP/1.1\r
                        Host: a\r
                        Host: b\r
                        \r
                        """));
    }

    @Test
    void http_2_is_as_it_was() throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create("https://localhost:" + port() + "/v1/log"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(200, answer.statusCode());
        }
    }
}
