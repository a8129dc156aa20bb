package dev.stele.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class CloudEventSdkIT extends CloudEventSdkTest {}
