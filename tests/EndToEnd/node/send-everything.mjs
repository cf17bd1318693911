// Makes every call of the official App API client that sends a message or starts a job, as often as it is told, with the SDK's own retries and at most 64
// at a time. Prints how each ended.
// usage: node send-everything.mjs <url> <appKey> [<rounds>]
import { createRequire } from 'node:module';

const cio = createRequire(import.meta.url)('customerio-node');
const [url, appKey, rounds = '1'] = process.argv.slice(2);
const api = new cio.APIClient(appKey, { url: `${url.replace(/\/$/, '')}/v1` });
const message = (seq) => ({ transactional_message_id: 3, identifiers: { id: '42' }, message_data: { seq } });

const callsOf = (round) => ({
  sendEmail: () => api.sendEmail(new cio.SendEmailRequest({ to: 'a@x.com', ...message(`email-${round}`) })),
  sendPush: () => api.sendPush(new cio.SendPushRequest(message(`push-${round}`))),
  sendSMS: () => api.sendSMS(new cio.SendSMSRequest(message(`sms-${round}`))),
  sendWhatsApp: () => api.sendWhatsApp(new cio.SendWhatsAppRequest(message(`whatsapp-${round}`))),
  sendInboxMessage: () => api.sendInboxMessage(new cio.SendInboxMessageRequest(message(`inbox-${round}`))),
  sendInApp: () => api.sendInApp(new cio.SendInAppRequest(message(`in_app-${round}`))),
  triggerBroadcast: () => api.triggerBroadcast('7', { seq: `broadcast-${round}` }, { ids: ['1'] }),
  sendNewsletter: () => api.sendNewsletter('7', { seq: `newsletter-${round}` }),
  scheduleNewsletter: () => api.scheduleNewsletter('7', { seq: `schedule-${round}` }),
  createImport: () => api.createImport({ seq: `import-${round}`, name: 'n', type: 'people', data_file_url: 'https://x.example/a.csv' }),
  createCustomersExport: () => api.createCustomersExport({ seq: `customers-${round}`, and: [] }),
  createDeliveriesExport: () => api.createDeliveriesExport('7', { seq: `deliveries-${round}` }),
});

const waiting = Array.from({ length: Number(rounds) }, (_, round) => Object.entries(callsOf(round))).flat();
const ended = [];
await Promise.all(Array.from({ length: 64 }, async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, call] = next;
    ended.push(await call().then(() => `${name} sent`, (error) => `${name} ${error.statusCode ?? error.message}`));
  }
}));
console.log(ended.join('\n'));
