import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { type Outcome, sourceAddress } from './outcome.ts';

const accounts: RawAccount[] = [];
let startedAt = new Map<string, number>();
let delivered: number[] = [];

/** Signs accounts up until there are `count`; account 2i then knows account 2i + 1. */
export async function signUp(server: ServerInfo, count: number): Promise<Outcome> {
  for (let from = accounts.length; from < count; from += 8) {
    const batch = Array.from({ length: Math.min(8, count - from) }, (_, i) => from + i);
    accounts.push(...await Promise.all(batch.map((n) => RawAccount.signUp(server, {
      name: `Account ${n}`, phone: `99966${n % 10}${String(1000 + Math.floor(n / 10))}`, code: String(n % 10).repeat(5), localAddress: sourceAddress(n),
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
  for (let i = 0; i + 1 < accounts.length; i += 2) await accounts[i]!.meet(accounts[i + 1]!);
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** How sends are made: so many on the way for each sender, or so many a second of all senders together. */
export type SendPace = { window: number } | { perSecond: number };

/** Account 2i sends to account 2i + 1; the run ends when everything sent has been delivered. */
export async function send(ms: number, senders: number, pace: SendPace): Promise<Outcome> {
  startedAt = new Map();
  delivered = [];
  const ackMs: number[] = [];
  const started = performance.now();
  const until = started + ms;
  const run = started.toFixed(0);
  const sendOne = async (lane: number, n: number): Promise<void> => {
    const text = `${run} ${lane} ${n} and some words of an ordinary message`.padEnd(100, '.');
    const at = performance.now();
    startedAt.set(text, at);
    await accounts[2 * (lane % senders)]!.send(accounts[2 * (lane % senders) + 1]!, text, systemRandom.int63());
    ackMs.push(performance.now() - at);
  };
  if ('window' in pace) {
    await Promise.all(Array.from({ length: senders * pace.window }, async (_, lane) => {
      for (let n = 0; performance.now() < until; n++) await sendOne(lane, n);
    }));
  } else {
    await sendPaced(until, pace.perSecond, (n) => sendOne(n % senders, n));
  }
  const patience = performance.now() + 5000;
  while (startedAt.size > 0 && performance.now() < patience) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const elapsedMs = performance.now() - started;
  if (startedAt.size > 0) throw new Error(`${startedAt.size} of ${ackMs.length} messages were acknowledged and not delivered within 5 s`);
  return { operations: ackMs.length, elapsedMs, ackMs, deliveredMs: delivered };
}

/** Begins operations at their times, whether or not those before have ended; resolves when all have. */
export async function sendPaced(until: number, perSecond: number, run: (n: number) => Promise<void>): Promise<void> {
  const started = performance.now();
  const open: Promise<void>[] = [];
  let n = 0;
  while (performance.now() < until) {
    const due = Math.floor(((performance.now() - started) * perSecond) / 1000);
    for (; n < due; n++) open.push(run(n));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
}
