import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { logInBot, makeBot } from './bot-load.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { phoneOf } from './send-load.ts';

/** The number of the account that owns the flooding bot; no other load signs it up. */
const OWNER = 80_000;
/** Calls that the bot has on the way. */
const WINDOW = 32;

let flooding: { bot: RawAccount; peer: tl.InputPeer } | undefined;

/**
 * A bot sends messages to its owner, without a pause and without regard to FLOOD_WAIT. The first time it goes on until it is refused.
 * @returns `ackMs` has the times of the messages that were sent, `byName.refused` those of the calls that were refused
 */
export async function floodAsBot(server: ServerInfo, ms: number): Promise<Outcome> {
  const isFirst = flooding === undefined;
  const { bot, peer } = (flooding ??= await startFlooder(server));
  const [ackMs, refused]: [number[], number[]] = [[], []];
  const started = performance.now();
  await Promise.all(Array.from({ length: WINDOW }, async () => {
    while (performance.now() - started < ms || (isFirst && refused.length === 0)) {
      const at = performance.now();
      try {
        await bot.sendTo(peer, 'buy this', systemRandom.int63());
        ackMs.push(performance.now() - at);
      } catch (error) {
        if (!(error instanceof RawClientError && error.message.startsWith('FLOOD_WAIT_'))) throw error;
        refused.push(performance.now() - at);
      }
    }
  }));
  return { operations: ackMs.length + refused.length, elapsedMs: performance.now() - started, ackMs, byName: { refused } };
}

async function startFlooder(server: ServerInfo): Promise<{ bot: RawAccount; peer: tl.InputPeer }> {
  const owner = await RawAccount.signUp(server, { name: 'Owner', ...phoneOf(OWNER), localAddress: sourceAddress(0) });
  const made = await makeBot(owner, 'flooding_bot');
  const bot = await logInBot(server, made, 1);
  await owner.sendTo({ ...made.input, _: 'inputPeerUser' }, '/start', systemRandom.int63());
  return { bot, peer: { _: 'inputPeerUser', user_id: owner.userId, access_hash: 0n } };
}
