// Sends one batch of 250 calls, one of which is invalid, through the official Pipelines SDK with its own retries. Prints how many requests it made
// and what it reported as failed.
// usage: node pipelines-batch.mjs <url> <writeKey>
import { Analytics } from '@customerio/cdp-analytics-node';

const [url, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host: url.replace(/\/$/, ''), path: '/v1/batch', maxEventsInBatch: 250, flushInterval: 60_000, maxRetries: 3 });
let requests = 0;
const errors = [];
analytics.on('http_request', () => { requests++; });
analytics.on('error', (error) => { errors.push(error.code); });
for (let i = 0; i < 250; i++) {
  analytics.identify({ userId: i === 7 ? 'u'.repeat(151) : `${i}`, traits: { seq: i } });
}
await analytics.closeAndFlush();

console.log(JSON.stringify({ requests, errors }));
