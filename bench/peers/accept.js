// A service that stores Customer.io's calls before it answers, as a team would write it with the libraries of today.
//   node accept.js <ioredis|bullmq|pg-boss> <port> <url of Redis or PostgreSQL>
// POST /api/v1/customers/{id}/events is answered 200 {} once the call is stored. Nothing is delivered.
import Fastify from 'fastify';

const [store, port, url] = process.argv.slice(2);

const stores = {
  // By hand: a list for each customer. The client sends the commands of one turn of the event loop together.
  async ioredis() {
    const { Redis } = await import('ioredis');
    const redis = new Redis(url, { enableAutoPipelining: true });
    return (customer, call) => redis.rpush(`calls:${customer}`, JSON.stringify(call));
  },

  async bullmq() {
    const { Queue } = await import('bullmq');
    const queue = new Queue('calls', { connection: { url } });
    await queue.waitUntilReady();
    return (customer, call) => queue.add('call', { customer, call });
  },

  // The one policy among the peers that keeps a customer's order through retries.
  async 'pg-boss'() {
    const { PgBoss } = await import('pg-boss');
    const boss = new PgBoss({ connectionString: url, max: 20, supervise: false, schedule: false });
    boss.on('error', error => { console.error(error); process.exit(1); });
    await boss.start();
    await boss.createQueue('calls', { policy: 'key_strict_fifo' });
    return (customer, call) => boss.send('calls', call, { singletonKey: customer });
  },
};

const save = await stores[store]();
const server = Fastify();
server.post('/api/v1/customers/:id/events', async request => {
  await save(request.params.id, request.body);
  return {};
});
await server.listen({ port: Number(port), host: '127.0.0.1' });
console.log('ready');
