// Makes every call of the official App API and Pipelines clients once, one after the other, and prints how each ended.
// usage: node wire-app.mjs <url> <appKey> <writeKey>
import { createRequire } from 'node:module';
import { Analytics } from '@customerio/cdp-analytics-node';

const require = createRequire(import.meta.url);
const cio = require('customerio-node');
const [url, appKey, writeKey] = process.argv.slice(2);
const root = url.replace(/\/$/, '');
const retry = { maxRetries: 0 };

const id = 'a b/c+d@x.com%é';
const text = { name: 'Größe "x" \u2028', value: 1.5, nested: { list: [1, null, 'ü'] } };
const options = { limit: '10', start: '1', end: 2, res: 'days', type: 'email', name: 'n&m=ü', period: 'days', steps: 3, metric: 'opened' };
const values = {
  options, idType: undefined, email: 'a+b@x.com', ids: ['1', '2'], filter: { and: [{ segment: { id: 7 } }] }, filters: { segment: { id: 7 } },
  data: text, updates: text, content: [text], segment: text, folder: text, collection: { ...text, data: [text] }, webhook: { ...text, endpoint: 'https://x.example/hook', events: ['email_sent'] },
  snippet: { name: 'n', value: 'v ü' }, name: 'n/m', component: { ...text, tag: 'x-tag', html: '<p>', content: '<p>' }, translation: { language: 'de', ...text }, language: 'de',
  file: { data: 'bytes', filename: 'a.png', name: 'ü' }, importData: { data_file_url: 'https://x.example/a.csv', type: 'people', name: 'n' },
  attributes: [text], events: [text], suppressionType: 'bounces', domainName: 'x.example', recipients: { ids: ['1', '2'] },
};
const sends = {
  sendEmail: new cio.SendEmailRequest({ to: 'a@x.com', transactional_message_id: 3, identifiers: { id }, message_data: { seq: 1, text } }),
  sendPush: new cio.SendPushRequest({ transactional_message_id: 3, identifiers: { id }, message_data: { seq: 2 } }),
  sendSMS: new cio.SendSMSRequest({ transactional_message_id: 3, identifiers: { id }, message_data: { seq: 3 } }),
  sendWhatsApp: new cio.SendWhatsAppRequest({ transactional_message_id: 3, identifiers: { id }, message_data: { seq: 4 } }),
  sendInboxMessage: new cio.SendInboxMessageRequest({ transactional_message_id: 3, identifiers: { id }, message_data: { seq: 5 } }),
  sendInApp: new cio.SendInAppRequest({ transactional_message_id: 3, identifiers: { id }, message_data: { seq: 6 } }),
};
sends.sendEmail.attach('a.txt', Buffer.from('attached'));

const made = [];
const skipped = [];
const outcomes = [];
async function call(name, make) {
  let sent;
  try {
    sent = make();
  } catch (error) {
    skipped.push(`${name}: ${error.message}`);
    return;
  }
  made.push(name);
  const answered = await Promise.resolve(sent).catch((error) => {
    if (!(error instanceof cio.CustomerIORequestError)) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    }
    return { error: error.message, status: error.statusCode };
  });
  outcomes.push(`${name} ${JSON.stringify(answered)}`);
}

const api = new cio.APIClient(appKey, { url: `${root}/v1`, retry });
for (const name of Object.getOwnPropertyNames(cio.APIClient.prototype).filter((n) => n !== 'constructor' && n !== 'resourceBase')) {
  const parameters = /\(([\s\S]*?)\) \{/.exec(cio.APIClient.prototype[name].toString())[1].split(',').map((p) => p.split('=')[0].trim()).filter(Boolean);
  const given = parameters.map((p) => (p === 'req' ? sends[name] : p === 'email' && name.includes('DesignStudio') ? text : p in values ? values[p] : id));
  await call(name, () => api[name](...given));
}

// Each its own: a message whose id is known for its person is not queued again.
let messages = 0;
const at = () => ({ messageId: `m-${++messages}`, timestamp: '2026-11-24T12:00:00.000Z' });
const pipelines = new cio.PipelinesClient(writeKey, { url: `${root}/v1`, retry });
await call('identify', () => pipelines.identify({ userId: id, traits: text, ...at() }));
await call('track', () => pipelines.track({ userId: id, event: 'é', properties: text, ...at() }));
await call('page', () => pipelines.page({ anonymousId: 'a', name: 'p', properties: text, ...at() }));
await call('screen', () => pipelines.screen({ anonymousId: 'a', name: 's', properties: text, ...at() }));
await call('group', () => pipelines.group({ userId: id, groupId: 'g', traits: text, ...at() }));
await call('alias', () => pipelines.alias({ userId: id, previousId: 'a', ...at() }));
await call('batch', () => pipelines.batch([{ type: 'identify', userId: id, traits: text, ...at() }, { type: 'track', userId: id, event: 'e', ...at() }]));

const analytics = new Analytics({ writeKey, host: root, path: '/v1/batch', maxEventsInBatch: 1, maxRetries: 0 });
analytics.on('error', (error) => { throw new Error(`analytics: ${JSON.stringify(error)}`); });
const person = { userId: id, timestamp: new Date('2026-11-24T12:00:00.000Z') };
for (const [name, message] of Object.entries({
  identify: { ...person, traits: text }, track: { ...person, event: 'é', properties: text }, page: { ...person, name: 'p', properties: text },
  screen: { ...person, name: 's', properties: text }, group: { ...person, groupId: 'g', traits: text }, alias: { ...person, previousId: 'a' },
})) {
  const error = await new Promise((resolve) => analytics[name]({ ...message, messageId: `a-${name}` }, resolve));
  outcomes.push(`analytics.${name} ${error ?? 'delivered'}`);
  made.push(`analytics.${name}`);
}
await analytics.closeAndFlush();

console.log(JSON.stringify({ made: made.length, skipped, outcomes }));
