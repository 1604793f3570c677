import type { ServerInfo } from '@aerogram/dev-env/load';
import { HttpBot, POLL_S } from './bot-http.ts';
import { madeBot, tokenOf } from './bot-load.ts';
import { KeptConnection } from './kept-connection.ts';
import { type Outcome, sourceAddress } from './outcome.ts';

/** Connections that are opened at the same time. */
const PARALLEL = 32;

/** Runs something for the numbers `from` … `from` + `count` − 1, some of them at the same time. */
async function forEach(from: number, count: number, run: (n: number) => Promise<void>): Promise<Outcome> {
  const started = performance.now();
  let next = from;
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (next < from + count) await run(next++);
  }));
  return { operations: count, elapsedMs: performance.now() - started, ackMs: [] };
}

/** Bots that nobody writes to ask for updates, and ask again after each empty answer. */
export function openPollers(server: ServerInfo, from: number, count: number): Promise<Outcome> {
  return forEach(from, count, async (n) => {
    const bot = await HttpBot.open(server, await tokenOf(madeBot(n)), n);
    // Answered at once, so the server has begun with the bot when this returns.
    await bot.call('getUpdates', {});
    const wait = async (): Promise<never> => {
      for (;;) await bot.call('getUpdates', { timeout: POLL_S });
    };
    // The generator ends while they wait.
    wait().catch(() => {});
  });
}

/** Sends requests to the HTTP floor that it does not answer. */
export function openSilent(port: number, from: number, count: number): Promise<Outcome> {
  return forEach(from, count, async (n) => {
    const connection = await KeptConnection.open({ host: '127.0.0.1', port, localAddress: sourceAddress(n) });
    await connection.post('/', {});
    connection.post('/silent', { timeout: POLL_S }).catch(() => {});
  });
}
