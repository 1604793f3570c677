import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { HttpBot, isRefused } from './bot-http.ts';
import { makeBot, tokenOf } from './bot-load.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { phoneOf } from './send-load.ts';

/** The number of the account that owns the flooding bot; no other load signs it up. */
const OWNER = 80_001;
/** Connections of the bot, each with one request on the way. */
const CONNECTIONS = 32;

let flooding: { bots: HttpBot[]; chatId: number } | undefined;

/**
 * A bot sends messages to its owner over HTTP, without a pause and without regard to 429.
 * @returns `ackMs` has the times of the messages that were sent, `byName.refused` those of the calls that were refused
 */
export async function floodByHttp(server: ServerInfo, ms: number): Promise<Outcome> {
  const isFirst = flooding === undefined;
  const { bots, chatId } = (flooding ??= await startFlooder(server));
  const [ackMs, refused]: [number[], number[]] = [[], []];
  const started = performance.now();
  await Promise.all(bots.map(async (bot) => {
    while (performance.now() - started < ms || (isFirst && refused.length === 0)) {
      const at = performance.now();
      try {
        await bot.call('sendMessage', { chat_id: chatId, text: 'buy this' });
        ackMs.push(performance.now() - at);
      } catch (error) {
        if (!isRefused(error)) throw error;
        refused.push(performance.now() - at);
      }
    }
  }));
  return { operations: ackMs.length + refused.length, elapsedMs: performance.now() - started, ackMs, byName: { refused } };
}

async function startFlooder(server: ServerInfo): Promise<{ bots: HttpBot[]; chatId: number }> {
  const owner = await RawAccount.signUp(server, { name: 'Owner', ...phoneOf(OWNER), localAddress: sourceAddress(0) });
  const made = await makeBot(owner, 'flooding_http_bot');
  await owner.sendTo({ ...made.input, _: 'inputPeerUser' }, '/start', systemRandom.int63());
  const token = await tokenOf(made);
  return { bots: await Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => HttpBot.open(server, token, n))), chatId: Number(owner.userId) };
}
