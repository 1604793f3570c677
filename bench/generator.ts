import { makeKeyWith, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { createAuthKey, RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { decode, encode } from '@aerogram/tl';
import { floorKey } from './floor-key.ts';

/** What the bench asks of its load generator, over the channel between the two processes. */
export type Command =
  | { do: 'sign-up'; server: ServerInfo; accounts: number }
  | { do: 'send'; ms: number; senders: number; window: number }
  | { do: 'handshake'; server: ServerInfo; ms: number; parallel: number }
  | { do: 'floor'; port: number; ms: number; clients: number; window: number };

/** What came of a command; times are milliseconds. */
export interface Outcome {
  operations: number;
  elapsedMs: number;
  /** From the call to its answer. */
  ackMs: number[];
  /** From the call to the push at the receiver. */
  deliveredMs: number[];
}

const NOTHING: Outcome = { operations: 0, elapsedMs: 0, ackMs: [], deliveredMs: [] };
/** Loopback addresses to connect from, so that limits per address and port ranges do not become the bottleneck. */
const SOURCES = Array.from({ length: 8 }, (_, i) => `127.0.0.${i + 2}`);

const accounts: RawAccount[] = [];
let startedAt = new Map<string, number>();
let delivered: number[] = [];

async function signUp(server: ServerInfo, count: number): Promise<Outcome> {
  for (let from = accounts.length; from < count; from += 8) {
    const batch = Array.from({ length: Math.min(8, count - from) }, (_, i) => from + i);
    accounts.push(...await Promise.all(batch.map((n) => RawAccount.signUp(server, {
      name: `Account ${n}`, phone: `99966${n % 10}${String(1000 + Math.floor(n / 10))}`, code: String(n % 10).repeat(5), localAddress: SOURCES[n % SOURCES.length],
    }))));
  }
  for (const account of accounts) {
    account.onText = (text) => {
      const sent = startedAt.get(text);
      if (sent === undefined) return;
      startedAt.delete(text);
      delivered.push(performance.now() - sent);
    };
  }
  // Account 2i sends to account 2i + 1.
  for (let i = 0; i + 1 < accounts.length; i += 2) await accounts[i]!.meet(accounts[i + 1]!);
  return NOTHING;
}

/** Each sender keeps `window` sends on the way; the run ends when everything sent has been delivered. */
async function send(ms: number, senders: number, window: number): Promise<Outcome> {
  startedAt = new Map();
  delivered = [];
  const ackMs: number[] = [];
  const started = performance.now();
  const until = started + ms;
  const lanes = Array.from({ length: senders * window }, async (_, lane) => {
    const from = accounts[2 * (lane % senders)]!;
    const to = accounts[2 * (lane % senders) + 1]!;
    for (let n = 0; performance.now() < until; n++) {
      const text = `${started.toFixed(0)}.${lane}.${n} and some words of an ordinary message`;
      const at = performance.now();
      startedAt.set(text, at);
      await from.send(to, text, systemRandom.int63());
      ackMs.push(performance.now() - at);
    }
  });
  await Promise.all(lanes);
  const patience = performance.now() + 5000;
  while (startedAt.size > 0 && performance.now() < patience) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const elapsedMs = performance.now() - started;
  if (startedAt.size > 0) throw new Error(`${startedAt.size} of ${ackMs.length} messages were acknowledged and not delivered within 5 s`);
  return { operations: ackMs.length, elapsedMs, ackMs, deliveredMs: delivered };
}

async function handshake(server: ServerInfo, ms: number, parallel: number): Promise<Outcome> {
  const ackMs: number[] = [];
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, async (_, lane) => {
    while (performance.now() - started < ms) {
      const at = performance.now();
      await makeKeyWith(server, SOURCES[lane % SOURCES.length]);
      ackMs.push(performance.now() - at);
    }
  }));
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs, deliveredMs: [] };
}

/** Raw clients with keys known beforehand call and get pushes; ends when as many pushes came as calls were answered. */
async function floor(port: number, ms: number, count: number, window: number): Promise<Outcome> {
  const body = encode({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'Hello there, this is a message of ordinary length.', random_id: 1n });
  let pushed = 0;
  const clients = await Promise.all(Array.from({ length: count }, async (_, i) => {
    const clientKey = { key: createAuthKey(floorKey(i)), salt: 0n };
    const localAddress = SOURCES[i % SOURCES.length]!;
    const client = await RawClient.connect({ host: '127.0.0.1', port, transport: 'tcp', localAddress, random: systemRandom, clientKey });
    client.onUpdate = (update) => {
      if (decode(update)._ === 'updateShortMessage') pushed++;
    };
    await client.call(body);
    return client;
  }));
  // The calls that opened the sessions caused pushes too.
  await new Promise((resolve) => setTimeout(resolve, 100));
  pushed = 0;
  const ackMs: number[] = [];
  const started = performance.now();
  await Promise.all(clients.flatMap((client, i) => Array.from({ length: i % 2 === 0 ? window : 0 }, async () => {
    while (performance.now() - started < ms) {
      const at = performance.now();
      decode(await client.call(body));
      ackMs.push(performance.now() - at);
    }
  })));
  const patience = performance.now() + 5000;
  while (pushed < ackMs.length && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 2));
  const elapsedMs = performance.now() - started;
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  if (pushed !== ackMs.length) throw new Error(`${ackMs.length} calls were answered and ${pushed} pushes came`);
  return { operations: ackMs.length, elapsedMs, ackMs, deliveredMs: [] };
}

async function obey(command: Command): Promise<Outcome> {
  switch (command.do) {
    case 'sign-up':
      return signUp(command.server, command.accounts);
    case 'send':
      return send(command.ms, command.senders, command.window);
    case 'handshake':
      return handshake(command.server, command.ms, command.parallel);
    case 'floor':
      return floor(command.port, command.ms, command.clients, command.window);
  }
}

/** Serves commands until the bench disconnects. */
export function runGenerator(): void {
  process.on('message', (command: Command) => {
    obey(command).then(
      (outcome) => process.send!({ outcome }),
      (error: unknown) => process.send!({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
