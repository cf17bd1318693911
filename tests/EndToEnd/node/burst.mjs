// Sends a burst through the official SDK, as a service would: every person's calls one after the other, all people at once.
// usage: node burst.mjs <url> <siteId> <apiKey> <people> <callsPerPerson>
import { TrackClient } from 'customerio-node';

const [url, siteId, apiKey, people, callsPerPerson] = process.argv.slice(2);
const client = new TrackClient(siteId, apiKey, { url });

async function person(id) {
  for (let seq = 1; seq <= Number(callsPerPerson); seq++) {
    if (seq % 2 === 1) {
      await client.identify(id, { email: `${id}@example.com`, plan: 'pro', seq });
    } else {
      await client.track(id, { name: 'purchase', data: { amount: 19.9, seq } });
    }
  }
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: Number(people) }, (_, i) => person(`person-${i}`)));
console.log(JSON.stringify({ accepted: people * callsPerPerson, seconds: (performance.now() - startedAt) / 1000 }));
