// Makes every call of the official SDK's Track client once or more, one after the other, and writes what each returned.
// usage: node track-calls.mjs <url> <siteId> <apiKey>
import { TrackClient } from 'customerio-node';

const [url, siteId, apiKey] = process.argv.slice(2);
const client = new TrackClient(siteId, apiKey, { url: `${url}api/v1` });
const called = new Set();
const odd = 'a b/c+d@x.com%é';
const big = { text: 'ä€😀"\\/\u2028\n', float: 0.1, large: 1e21, negative: -0.5, nothing: null, yes: true, list: [1, [2, {}], []], nested: { a: { b: {} } } };

async function call(name, ...args) {
  called.add(name);
  let result;
  try {
    result = await client[name](...args);
  } catch (error) {
    result = { error: error.message, status: error.statusCode };
  }

  console.log(JSON.stringify({ call: name, result }));
}

const person = (action, members) => ({ type: 'person', identifiers: { id: 'v2' }, action, ...members });
const object = (action, members) => ({ type: 'object', identifiers: { object_type_id: '1', object_id: 'acme' }, action, ...members });
const relationships = [{ identifiers: { object_type_id: '1', object_id: 'acme' }, relationship_attributes: { role: 'admin' } }];
const operations = [
  person('identify', { attributes: big }),
  person('identify', { timestamp: 1700000000, attributes: {} }),
  person('event', { name: 'purchase', attributes: big }),
  person('event', { name: 'purchase', id: '01HF7YAT00ABCDEFGHJKMNPQRS', timestamp: 1700000000 }),
  person('page', { name: '/home?x=1', attributes: { referrer: 'https://example.com' } }),
  person('screen', { name: 'Home' }),
  person('add_relationships', { cio_relationships: relationships }),
  person('delete_relationships', { cio_relationships: relationships }),
  person('add_device', { device: { token: 't', platform: 'ios', last_used: 1700000000, attributes: { app_version: '1' } } }),
  person('delete_device', { device: { token: 't' } }),
  { type: 'person', action: 'merge', primary: { id: 'v2' }, secondary: { email: 'Second@X.com' } },
  person('suppress'),
  person('unsuppress'),
  person('delete'),
  { type: 'person', identifiers: { email: 'Ann@X.com' }, action: 'identify', attributes: { a: 1 } },
  { type: 'person', identifiers: { cio_id: 'a3000001' }, action: 'identify', attributes: { a: 2 } },
  { type: 'person', identifiers: { phone: '+14155552671' }, action: 'identify', attributes: { a: 3 } },
  object('identify', { attributes: { name: 'Acme' }, cio_relationships: [{ identifiers: { id: 'v2' } }] }),
  object('identify_anonymous', { anonymous_id: 'anon' }),
  object('add_relationships', { cio_relationships: [{ identifiers: { id: 'v2' } }] }),
  object('delete_relationships', { cio_relationships: [{ identifiers: { id: 'v2' } }] }),
  object('delete'),
  { type: 'object', identifiers: { cio_object_id: 'obb7fd050101' }, action: 'delete' },
  { type: 'delivery', identifiers: { id: 'RPIyMTM6OjEyMzQ=' }, action: 'event', name: 'opened', attributes: { device_token: 't' } },
];

await call('identify', odd, big);
await call('identify', '1', {});
await call('identify', 'cio_a3', { _timestamp: 1700000000, email: 'a@x.com' });
await call('track', '1', { name: 'purchase', data: big });
await call('track', '1', { name: 'purchase', id: '01HF7YAT01ABCDEFGHJKMNPQRS', timestamp: 1700000000, data: {} });
await call('track', '1', { name: 'homepage', type: 'screen' });
await call('trackAnonymous', 'anon', { name: 'watched', data: big });
await call('trackAnonymous', '', { name: 'invite', data: { recipient: 'a@x.com' } });
await call('trackPageView', odd, 'https://example.com/a?b=c#d');
await call('trackPush', { delivery_id: 'RPI1', event: 'opened', device_id: 't', timestamp: 1700000000 });
await call('addDevice', '1', 'token', 'ios', { last_used: 1700000000, app_version: '1' });
await call('addDevice', '1', 'token/2', 'android');
await call('deleteDevice', '1', 'token/2 é');
await call('mergeCustomers', 'id', '1', 'email', 'Other@X.com');
await call('mergeCustomers', 'cio_id', 'a3', 'id', '2');
await call('suppress', '1');
await call('unsuppress', '1');
await call('destroy', odd);
await call('getAccountRegion');
await call('addCustomersToSegment', 7, ['1', '2']);
await call('addCustomersToSegment', 7, ['a@x.com'], 'email');
await call('removeCustomersFromSegment', 7, ['1', '2'], 'id');
await call('submitForm', 'form/1', { email: 'a@x.com', note: 'ä' });
await call('reportMetric', { delivery_id: 'RPI2', metric: 'clicked', timestamp: 1700000000, href: 'https://example.com/?a=b' });
await call('unsubscribe', 'RPI3==');
await call('unsubscribe', 'RPI4', false);
await call('batch', operations);
for (const operation of operations) {
  // The same id again would be a repeat of the batch's, and be delivered once.
  await call('entity', operation.id ? { ...operation, id: '01HF7YAT02ABCDEFGHJKMNPQRS' } : operation);
}

const missing = Object.getOwnPropertyNames(TrackClient.prototype).filter((name) => name !== 'constructor' && !called.has(name));
if (missing.length > 0) {
  console.error(`never called: ${missing.join(', ')}`);
  process.exit(1);
}
