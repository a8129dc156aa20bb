// A round trip with the CloudEvents SDK for JavaScript: what it emits, binary, structured and in a batch, it must
// read back.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { CloudEvent, emitterFor, HTTP, Mode } from 'cloudevents';

const stream = `sdk-${randomUUID()}`;
const address = `${process.env.STELE}/v1/streams/${stream}/events`;

const post = async ({ headers, body }) => {
  const answer = await fetch(address, { method: 'POST', headers, body });
  return { status: answer.status, ...(await answer.json()) };
};
const binary = emitterFor(post, { mode: Mode.BINARY });
const structured = emitterFor(post, { mode: Mode.STRUCTURED });
const batch = (events) =>
  post({ headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) });

const event = (more) =>
  new CloudEvent({ id: `id-${randomUUID()}`, source: '/sdk', type: 'Emitted', subject: 's-1', region: 'north', ...more });
const forms = () => [
  { data: { total: 1.5, lines: ['é'] } },
  { data: { total: 2 }, datacontenttype: 'application/vnd.order+json' },
  { data: '<order/>', datacontenttype: 'application/xml' },
  { data: Uint8Array.of(0xff, 0, 1), datacontenttype: 'image/png' },
  { id: randomUUID(), dataschema: 'urn:schema:1' },
];

const sent = [];
for (const emit of [binary, structured]) {
  for (const form of forms()) {
    const one = event(form);
    assert.equal((await emit(one)).status, 201);
    assert.equal((await emit(one)).duplicate, true);
    sent.push(one);
  }
}

// As Knative's brokers deliver: a body would be an event in reply, and attributes of a repeat are written anew.
for (const [attempt, status] of [[1, 201], [2, 200]]) {
  const delivered = event({ id: `knative-${stream}`, source: '/broker', sequence: String(attempt), time: '2026-11-23T06:00:00Z' });
  const { headers, body } = HTTP.binary(delivered);
  const answer = await fetch(address, {
    method: 'POST',
    headers: { ...headers, 'ce-knativearrivaltime': new Date().toISOString(), prefer: 'reply' },
    body,
  });
  assert.equal(answer.status, status);
  assert.equal(answer.headers.get('preference-applied'), 'reply');
  assert.equal(await answer.text(), '');
  if (attempt === 1) sent.push(delivered);
}

const together = forms().map(event);
assert.equal((await batch(together)).status, 201);
assert.equal((await batch(together)).duplicate, true);
sent.push(...together);

const read = [];
for (let next = `${address}?limit=4`; next; ) {
  const page = await fetch(next, { headers: { accept: 'application/cloudevents-batch+json' } });
  read.push(...HTTP.toEvent({ headers: Object.fromEntries(page.headers), body: await page.text() }));
  const link = page.headers.get('link')?.match(/<(.*)>; rel="next"/)?.[1];
  next = link && new URL(link, address).href;
}

assert.equal(read.length, sent.length);
sent.forEach((one, i) => {
  for (const name of ['id', 'source', 'type', 'subject', 'dataschema', 'region', 'data_base64']) {
    assert.equal(read[i][name], one[name], name);
  }
  assert.equal(new Date(read[i].time).getTime(), new Date(one.time).getTime());
  assert.deepEqual(read[i].data, one.data);
  assert.equal(read[i].streamversion, String(i + 1));
  if (one.datacontenttype) assert.equal(read[i].datacontenttype, one.datacontenttype);
});
console.log(`${sent.length} CloudEvents came back as they were sent`);
