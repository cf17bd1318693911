// Sends one message through the official SDK with its own retries, and prints what the SDK makes of the answer.
// usage: node send-once.mjs <url> <appKey>
import { createRequire } from 'node:module';

const { APIClient, SendEmailRequest } = createRequire(import.meta.url)('customerio-node');
const [url, appKey] = process.argv.slice(2);
const client = new APIClient(appKey, { url: `${url.replace(/\/$/, '')}/v1` });
const message = new SendEmailRequest({ to: 'a@x.com', transactional_message_id: 3, identifiers: { id: '42' }, message_data: { seq: 1 } });

try {
  await client.sendEmail(message);
  console.log('sent');
} catch (error) {
  console.log(`${error.statusCode} ${error.message}`);
}
