import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerInfo } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { findBot, madeBot, onlineBot, tokenOf } from './bot-load.ts';
import { HttpBot } from './bot-http.ts';
import { Deliveries, type SendPace } from './deliveries.ts';
import { KeptConnection } from './kept-connection.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { accountAt } from './send-load.ts';

/** How long a person waits before it repeats a call that the server did not take, in milliseconds, and how often it does so. */
const BUSY_MS = 1000;
const BUSY_MAX = 10;

/** How a bot gets its updates. */
export type BotReceiver = 'mtproto' | 'poller' | 'webhook';

/** A bot over HTTP, and the account that talks to it: number 2n for bot n. */
interface Talk {
  bot: HttpBot;
  token: string;
  peer: tl.inputPeerUser;
}

const talks: Talk[] = [];
const nothingMeasured = (): Outcome => ({ operations: 0, elapsedMs: 0, ackMs: [] });
const personOf = (n: number): ReturnType<typeof accountAt> => accountAt(2 * n);

/** Lets account 2n start bot n, for the first `count` bots, and connects each bot over HTTP. */
export async function startHttpBots(server: ServerInfo, count: number): Promise<Outcome> {
  for (let n = talks.length; n < count; n++) {
    const token = await tokenOf(madeBot(n));
    const peer: tl.inputPeerUser = { ...(await findBot(personOf(n), madeBot(n))), _: 'inputPeerUser' };
    await personOf(n).sendTo(peer, '/start', systemRandom.int63());
    talks.push({ bot: await HttpBot.open(server, token, n), token, peer });
  }
  return nothingMeasured();
}

/** Sends JSON of the length of a message to a server that answers with it, over connections that are kept, each with one request on the way. */
export async function callEcho(port: number, ms: number, connections: number): Promise<Outcome> {
  const open = await Promise.all(Array.from({ length: connections }, (_, n) => KeptConnection.open({ host: '127.0.0.1', port, localAddress: sourceAddress(n) })));
  const ackMs: number[] = [];
  const started = performance.now();
  await Promise.all(open.map(async (connection) => {
    for (let at = started; at < started + ms; at = performance.now()) {
      await connection.post('/', { chat_id: 1_000_002, text: 'x'.repeat(100) });
      ackMs.push(performance.now() - at);
    }
  }));
  const elapsedMs = performance.now() - started;
  for (const connection of open) connection[Symbol.dispose]();
  return { operations: ackMs.length, elapsedMs, ackMs };
}

/** All bots write to their people with sendMessage. */
export function sendByHttp(ms: number, pace: SendPace): Promise<Outcome> {
  const deliveries = new Deliveries();
  for (const [n] of talks.entries()) personOf(n).onText = (text) => deliveries.arrived(text);
  return deliveries.run(ms, talks.length, pace, (n, text) => talks[n]!.bot.call('sendMessage', { chat_id: Number(personOf(n).userId), text }));
}

/** Which bots talk in a run. */
export interface BotRange {
  from: number;
  count: number;
}

/** People write to their bots. @returns when the bots got the messages, as `deliveredMs` */
export async function writeToBots(server: ServerInfo, how: BotReceiver, { ms, pace, ...range }: BotRange & { ms: number; pace: SendPace }): Promise<Outcome> {
  const deliveries = new Deliveries();
  await using _receivers = await receive(server, how, range, (_n, text) => deliveries.arrived(text));
  return await deliveries.run(ms, range.count, pace, (n, text) => {
    const randomId = systemRandom.int63();
    return whileBusy(() => personOf(range.from + n).sendTo(talks[range.from + n]!.peer, text, randomId));
  });
}

/** Repeats a call that the server does not take now, as apps do. The repeated times are part of how long it took. */
async function whileBusy<T>(call: () => Promise<T>): Promise<T> {
  for (let times = 0; ; times++) {
    try {
      return await call();
    } catch (error) {
      if (times === BUSY_MAX || !(error instanceof RawClientError) || error.message !== 'WORKER_BUSY_TOO_LONG_RETRY') throw error;
      console.error('the server was too busy for a call; it is repeated');
      await delay(BUSY_MS);
    }
  }
}

/** People write to bots that poll, and each bot answers with sendMessage. @returns when the people got the answers, as `deliveredMs` */
export async function answerByHttp(server: ServerInfo, { ms, pace, ...range }: BotRange & { ms: number; pace: SendPace }): Promise<Outcome> {
  const deliveries = new Deliveries((text) => [`to ${text}`]);
  // A connection carries one request at a time, so answers wait for each other.
  const last = new Map<number, Promise<unknown>>();
  await using _receivers = await receive(server, 'poller', range, (n, text) => {
    last.set(n, (last.get(n) ?? Promise.resolve()).then(() => talks[n]!.bot.call('sendMessage', { chat_id: Number(personOf(n).userId), text: `to ${text}` })).catch(console.error));
  });
  for (let n = range.from; n < range.from + range.count; n++) personOf(n).onText = (text) => deliveries.arrived(text);
  return await deliveries.run(ms, range.count, pace, (n, text) => personOf(range.from + n).sendTo(talks[range.from + n]!.peer, text, systemRandom.int63()));
}

/** Lets bots get their updates until disposed. */
async function receive(server: ServerInfo, how: BotReceiver, { from, count }: BotRange, onText: (n: number, text: string) => void): Promise<AsyncDisposable> {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  if (how === 'mtproto') {
    for (const n of numbers) onlineBot(n).onText = (text) => onText(n, text);
    return { [Symbol.asyncDispose]: async () => {} };
  }
  if (how === 'poller') {
    const pollers: HttpBot[] = [];
    for (const n of numbers) {
      const poller = await HttpBot.open(server, talks[n]!.token, n);
      await poller.poll((text) => onText(n, text));
      pollers.push(poller);
    }
    return {
      [Symbol.asyncDispose]: async () => {
        for (const poller of pollers) poller[Symbol.dispose]();
      },
    };
  }
  const hook = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).once('end', () => {
      response.writeHead(200, { 'Content-Length': 0 }).end();
      const { message } = JSON.parse(Buffer.concat(pieces).toString()) as { message?: { text?: string } };
      if (message?.text !== undefined) onText(Number(request.url!.slice(1)), message.text);
    });
  });
  const url = await listen(hook);
  for (const n of numbers) await talks[n]!.bot.call('setWebhook', { url: `${url}/${n}`, drop_pending_updates: true });
  return {
    [Symbol.asyncDispose]: async () => {
      for (const n of numbers) await talks[n]!.bot.call('deleteWebhook', {});
      await new Promise<void>((resolve) => {
        hook.close(() => resolve());
        hook.closeAllConnections();
      });
    },
  };
}

/** Lets a server listen on a free port of the loopback address. @returns its URL */
export async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** Gives a bot a webhook that takes updates and never answers, and lets its person write to it. It stays so. @param n number of the bot */
export async function silenceWebhook(n: number, messages: number): Promise<Outcome> {
  await talks[n]!.bot.call('setWebhook', { url: `${await listen(createServer(() => {}))}/`, max_connections: 100 });
  for (let i = 0; i < messages; i++) await personOf(n).sendTo(talks[n]!.peer, `unheard ${i}`, systemRandom.int63());
  return nothingMeasured();
}
