package dev.stele.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Keeps the metrics of requests few, whatever methods senders invent. Their addresses are seen to
 * by patterns, in the settings of the framework.
 */
@Singleton
class RequestMetrics implements HttpServerMetricsTagsContributor {

    private static final String REQUESTS = "http.server.requests";
    private static final String METHOD = "method";

    /** Those of RFC 9110, and PATCH (RFC 5789). */
    private static final Set<String> KNOWN =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private static final String UNKNOWN = "UNKNOWN";
    private static final Tags RENAMED = Tags.of(METHOD, UNKNOWN);

    /** What is counted of a request that was answered. */
    @Override
    public Tags contribute(Context context) {
        return KNOWN.contains(context.request().method().name()) ? Tags.empty() : RENAMED;
    }

    /**
     * Of a request that broke off, the framework does not ask {@link #contribute}. One with a
     * method that does not exist is not counted then: to rename it here would have the registry
     * remember the name.
     */
    @Produces
    @Singleton
    MeterFilter brokenOff() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                String method = id.getTag(METHOD);
                boolean invented =
                        id.getName().equals(REQUESTS)
                                && method != null
                                && !method.equals(UNKNOWN)
                                && !KNOWN.contains(method);
                return invented ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }
        };
    }
}
