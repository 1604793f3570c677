import type { ServerInfo } from '@aerogram/dev-env/load';
import type { RawClient } from '@aerogram/mtproto/client';
import { encode } from '@aerogram/tl';
import type { Outcome } from './outcome.ts';
import { connectSeeded } from './seeded-client.ts';

/** Sessions that are opened at the same time. */
const PARALLEL = 64;
/** The call that makes a session receive updates. */
const GET_STATE = encode({ _: 'updates.getState' });
/** The interval of idle clients, in milliseconds. */
export const PING_EVERY_MS = 60_000;

const open: RawClient[] = [];

/** The clients of the open sessions. */
export function openClients(): readonly RawClient[] {
  return open;
}

/** Opens sessions of seeded accounts `from` … `from` + `count` − 1 and leaves them open, each with a ping per minute. */
export async function openSessions(server: ServerInfo, from: number, count: number): Promise<Outcome> {
  const ackMs: number[] = [];
  const started = performance.now();
  let next = from;
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (next < from + count) {
      const account = next++;
      const at = performance.now();
      const client = await connectSeeded(server, account);
      await client.call(GET_STATE);
      client.acknowledge();
      ackMs.push(performance.now() - at);
      open.push(client);
    }
  }));
  return { operations: count, elapsedMs: performance.now() - started, ackMs };
}

/** Keeps the sessions open for `ms` milliseconds, with one ping per session and minute, spread over the minute. */
export async function stayIdle(ms: number): Promise<Outcome> {
  const started = performance.now();
  let pings = 0;
  while (performance.now() - started < ms) {
    const due = Math.floor(((performance.now() - started) * open.length) / PING_EVERY_MS);
    for (; pings < due; pings++) open[pings % open.length]!.ping(BigInt(pings));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { operations: pings, elapsedMs: performance.now() - started, ackMs: [] };
}
