// Sends a burst of calls within a limit, as a team would write it with the libraries of today: one call repeats until it is
// taken, a second after each failure.
//   node limit.js <p-queue|bottleneck|bullmq> <url of Customer.io> <permits a second> <customers> <calls each> <burst|rest> [url of Redis]
// "burst" hands all calls to the library, says "taken", and sends them. "rest" sends what a process before it left: what the
// library keeps outside of the process, and nothing else.
const [library, customerIo, permits, customers, callsEach, phase, redis] = process.argv.slice(2);
const limit = Number(permits);
const concurrency = 64;
const headers = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from('site:key').toString('base64')}` };
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

async function isTaken({ customer, seq }) {
  const id = `c${String(customer).padStart(7, '0')}`;
  try {
    const answer = await fetch(`${customerIo}api/v1/customers/${id}/events`, {
      method: 'POST', headers, body: JSON.stringify({ name: 'purchase', data: { seq, customer: id } }),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

const calls = [];
for (let customer = 0; customer < Number(customers); customer++) {
  for (let seq = 1; seq <= Number(callsEach); seq++) {
    calls.push({ customer, seq });
  }
}

/** Each attempt passes the limit; a call repeats behind a pause. */
async function sendAll(pass) {
  const sending = calls.map(async call => {
    while (!await pass(() => isTaken(call))) {
      await pause(1000);
    }
  });
  console.log('taken');
  await Promise.all(sending);
}

const libraries = {
  async 'p-queue'() {
    const { default: PQueue } = await import('p-queue');
    const queue = new PQueue({ concurrency, intervalCap: limit, interval: 1000 });
    await sendAll(attempt => queue.add(attempt));
  },

  async bottleneck() {
    const { default: Bottleneck } = await import('bottleneck');
    const limiter = new Bottleneck({
      maxConcurrent: concurrency, reservoir: limit, reservoirRefreshAmount: limit, reservoirRefreshInterval: 1000,
    });
    await sendAll(attempt => limiter.schedule(attempt));
    process.exit(0);
  },

  async bullmq() {
    const { Queue, Worker } = await import('bullmq');
    const connection = { url: redis };
    const queue = new Queue('calls', { connection });
    if (phase === 'burst') {
      await queue.addBulk(calls.map(data => ({ name: 'call', data, opts: { attempts: 20, backoff: { type: 'fixed', delay: 1000 } } })));
    }

    console.log('taken');
    const worker = new Worker('calls', async job => {
      if (!await isTaken(job.data)) {
        throw new Error('not taken');
      }
    }, { connection, concurrency, limiter: { max: limit, duration: 1000 } });
    worker.on('error', error => console.error(error));
    for (;;) {
      const left = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
      if (Object.values(left).every(count => count === 0)) {
        process.exit(0);
      }

      await pause(200);
    }
  },
};

if (phase === 'burst' || library === 'bullmq') {
  await libraries[library]();
}
