package dev.stele.publish;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;

/** How large a record is when it is sent alone, before compression. */
final class RecordSize {

    private RecordSize() {}

    /**
     * An upper bound of the bytes, as the producer reckons them; a rough one where that is far
     * below a limit, for the exact one takes as long as making the record.
     */
    static long bytes(ProducerRecord<byte[], byte[]> made, int limit) {
        long rough = made.key().length + (long) made.value().length;
        for (Header header : made.headers()) {
            rough += header.key().length() + header.value().length;
        }
        return rough < limit / 2
                ? rough
                : AbstractRecords.estimateSizeInBytesUpperBound(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        CompressionType.NONE,
                        made.key(),
                        made.value(),
                        made.headers().toArray());
    }
}
