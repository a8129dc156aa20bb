// What /v1/asyncapi says, read by the AsyncAPI parser: valid, and with the topics that there are.
import assert from 'node:assert/strict';
import { Parser } from '@asyncapi/parser';

const get = async (path) => (await fetch(process.env.STELE + path)).json();
const { document, diagnostics } = await new Parser().parse(await get('/v1/asyncapi'));
assert.deepEqual(diagnostics.filter(({ severity }) => severity === 0), []);

const topics = document.channels().all().map((channel) => channel.address());
const wanted = (await get('/v1/publications')).publications.map(({ definition }) => definition.topic);
assert.deepEqual(topics.sort(), wanted.sort());
console.log(`${topics.length} topics: ${topics.join(', ')}`);
