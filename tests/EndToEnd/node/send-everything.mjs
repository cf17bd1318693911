// Makes every call of the official App API client that sends a message or starts a job, once each and all at once, with the SDK's own retries. Prints
// how each ended.
// usage: node send-everything.mjs <url> <appKey>
import { createRequire } from 'node:module';

const cio = createRequire(import.meta.url)('customerio-node');
const [url, appKey] = process.argv.slice(2);
const api = new cio.APIClient(appKey, { url: `${url.replace(/\/$/, '')}/v1` });
const message = (seq) => ({ transactional_message_id: 3, identifiers: { id: '42' }, message_data: { seq } });

const calls = {
  sendEmail: () => api.sendEmail(new cio.SendEmailRequest({ to: 'a@x.com', ...message('email') })),
  sendPush: () => api.sendPush(new cio.SendPushRequest(message('push'))),
  sendSMS: () => api.sendSMS(new cio.SendSMSRequest(message('sms'))),
  sendWhatsApp: () => api.sendWhatsApp(new cio.SendWhatsAppRequest(message('whatsapp'))),
  sendInboxMessage: () => api.sendInboxMessage(new cio.SendInboxMessageRequest(message('inbox'))),
  sendInApp: () => api.sendInApp(new cio.SendInAppRequest(message('in_app'))),
  triggerBroadcast: () => api.triggerBroadcast('7', { seq: 'broadcast' }, { ids: ['1'] }),
  sendNewsletter: () => api.sendNewsletter('7', { seq: 'newsletter' }),
  scheduleNewsletter: () => api.scheduleNewsletter('7', { seq: 'schedule' }),
  createImport: () => api.createImport({ seq: 'import', name: 'n', type: 'people', data_file_url: 'https://x.example/a.csv' }),
  createCustomersExport: () => api.createCustomersExport({ seq: 'customers', and: [] }),
  createDeliveriesExport: () => api.createDeliveriesExport('7', { seq: 'deliveries' }),
};

const ended = await Promise.all(Object.entries(calls).map(([name, call]) => call().then(() => `${name} sent`, (error) => `${name} ${error.statusCode}`)));
console.log(ended.join('\n'));
