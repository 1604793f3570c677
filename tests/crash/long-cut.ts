import { setTimeout as delay } from 'node:timers/promises';
import { Ledger, listLinks, type RawAccount, startHomePair } from '@aerogram/dev-env/load';
import { seededRandom } from '@aerogram/runtime';
import { checkOrder, sendOn, signUpAll } from './home-crashes.ts';

/** For how long people write before the cut and after it, in seconds. */
const BEFORE_S = 5;
const AFTER_S = 10;
/** Pause of each account between two sends, so that a cut of minutes leaves boxes that can be read again. */
const PAUSE_MS = 10;
const LOOK_MS = 5000;

/** Options of {@link runLongCut}. */
export interface LongCutOptions {
  /** How long the link is cut, in seconds. */
  cutS: number;
  seed: number;
  log?: (line: string) => void;
}

/**
 * Cuts the link between two homes for minutes while people of both write to each other, and checks, when the streams have run dry, that all is once and in order in the boxes of both.
 * @returns how many messages were sent, how many frames waited at most for both together, and how long after the cut none did
 * @throws on the first violation
 */
export async function runLongCut({ cutS, seed, log = () => {} }: LongCutOptions): Promise<{ sent: number; atRest: number; lastMs: number }> {
  await using homes = await startHomePair();
  const { servers, operate } = homes;
  const random = seededRandom(seed);
  const ledger = new Ledger();
  const accounts = await signUpAll(servers);
  let running = true;
  const slowest = new Map<string, number>();
  let phase = 'before';
  const write = async (from: RawAccount, index: number): Promise<void> => {
    const send = sendOn({ accounts, from, ledger, random, name: `cut.${index}` });
    for (; running; await delay(PAUSE_MS)) {
      const atMs = performance.now();
      await send();
      slowest.set(phase, Math.max(slowest.get(phase) ?? 0, performance.now() - atMs));
    }
  };
  const countWaiting = async (): Promise<number> => (await Promise.all(servers.map((server) => listLinks(operate, server)))).flat().reduce((sum, { waiting }) => sum + waiting, 0);
  const enter = (next: string): void => {
    log(`${phase}: ${ledger.acknowledged} sent, the slowest took ${(slowest.get(phase) ?? 0).toFixed(0)} ms`);
    phase = next;
  };
  try {
    const load = Promise.all(accounts.map(write));
    const story = async (): Promise<{ atRest: number; lastMs: number }> => {
      await delay(BEFORE_S * 1000);
      await operate(servers[0], 'dc', 'pause', '2');
      enter('during the cut');
      let atRest = 0;
      for (const endMs = performance.now() + cutS * 1000; performance.now() < endMs; await delay(LOOK_MS)) {
        atRest = await countWaiting();
        log(`${atRest} frames wait`);
      }
      await operate(servers[0], 'dc', 'resume', '2');
      enter('catching up');
      const mendedMs = performance.now();
      // With the load going on, some always wait.
      await homes.untilDry(accounts.length);
      const lastMs = performance.now() - mendedMs;
      enter('after');
      await delay(AFTER_S * 1000);
      enter('over');
      return { atRest, lastMs };
    };
    const told = await Promise.race([story(), load.then(() => Promise.reject(new Error('the load ended too early')))]);
    running = false;
    await load;
    await homes.untilDry();
    await ledger.check(accounts, { check: () => checkOrder(accounts) });
    return { sent: ledger.size, ...told };
  } finally {
    running = false;
    for (const account of accounts) account.disconnect();
  }
}
