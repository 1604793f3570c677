// The program of the process that relays calls. It has neither the database nor any key but the secret from which passwords are made.
import { setTimeout as delay } from 'node:timers/promises';

import type { FromRelay, RelayStart } from './relay-messages.ts';
import { serveRelay, type ServedRelay } from './serve-relay.ts';

/** For so long a port that is taken is tried again, in milliseconds: the process before this one may still be ending. */
const TAKEN_MS = 10_000;

const AGAIN_MS = 100;
const COUNTS_EVERY_MS = 1000;

// The ports must be free as soon as the server is gone, also when it was killed.
process.once('disconnect', () => process.exit());
process.once('message', (message) => void run(message as RelayStart));
// Those who stop a server by its terminal stop its children, too; the server ends this one.
process.on('SIGINT', () => {});

function say(message: FromRelay): void {
  if (process.connected) process.send!(message);
}

async function run(start: RelayStart): Promise<void> {
  let relay: ServedRelay;
  try {
    relay = await open(start);
  } catch (error) {
    process.send!({ kind: 'failed', reason: (error as Error).message } satisfies FromRelay, () => process.exit(1));
    return;
  }
  say({ kind: 'listening', port: relay.port });
  let last = '';
  setInterval(() => {
    const now: FromRelay = { kind: 'counts', allocations: relay.allocations(), counts: relay.counts() };
    const text = JSON.stringify(now);
    if (text === last) return;
    last = text;
    say(now);
  }, COUNTS_EVERY_MS);
}

async function open(start: RelayStart): Promise<ServedRelay> {
  const until = performance.now() + TAKEN_MS;
  for (;;) {
    try {
      return await serveRelay(start);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > until) throw error;
      await delay(AGAIN_MS);
    }
  }
}
