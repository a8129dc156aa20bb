package dev.stele.publish;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ParkedPublicationIT extends ParkedPublicationTest {}
