// The topic of events, read by KafkaJS (committed records are its default) and decoded by the CloudEvents SDK: every
// event of the log, exactly once, in order per stream, with the data that the API gives.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { CloudEvent, Kafka as Binding } from 'cloudevents';

const get = async (path) => (await fetch(process.env.STELE + path)).json();
const { head } = await get('/v1/log');
const kafka = new Kafka({ brokers: [process.env.KAFKA], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: randomUUID() });
await consumer.connect();
await consumer.subscribe({ topic: 'stele.events', fromBeginning: true });

const positions = new Set();
const versions = new Map();
const events = [];
await new Promise((done, failed) => {
  setTimeout(() => failed(new Error(`${positions.size} of ${head} events came`)), 60_000).unref();
  consumer.run({
    eachMessage: async ({ message }) => {
      try {
        const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()]));
        const body = message.value.toString();
        const position = Number(headers.ce_position);
        assert(!positions.has(position), `the event at ${position} came twice`);
        positions.add(position);
        const stream = message.key.toString();
        assert(Number(headers.ce_streamversion) > (versions.get(stream) ?? 0), `${stream} is out of order`);
        versions.set(stream, Number(headers.ce_streamversion));
        if (headers['content-type'] === 'application/json') {
          events.push([position, Binding.toEvent({ headers, body, value: body, key: stream })]);
        }
        if (positions.size === head) done();
      } catch (wrong) {
        failed(wrong);
      }
    },
  });
});
await consumer.disconnect();

assert.equal(Math.max(...positions), head);
for (const [position, event] of events.slice(0, 20)) {
  assert(event instanceof CloudEvent);
  const [stored] = (await get(`/v1/events?after=${position - 1}&limit=1`)).events;
  assert.equal(event.type, stored.type);
  assert.deepEqual(event.data, stored.data);
}
console.log(`${head} events, exactly once`);
