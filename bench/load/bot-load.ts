import { setTimeout as delay } from 'node:timers/promises';
import { callPatiently, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { ChannelLoad } from './channel-load.ts';
import { Deliveries, type SendPace } from './deliveries.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { accountAt, signUp } from './send-load.ts';

/** Bots that are made at the same time. */
const PARALLEL = 16;
const DATA = Buffer.from('pressed');

/** A bot, and the account that made it. */
export interface MadeBot {
  username: string;
  input: tl.inputUser;
  owner: RawAccount;
}

const made: MadeBot[] = [];
/** Bots that are logged in, in the order in which they were made. */
const online: RawAccount[] = [];

const nothingMeasured = (): Outcome => ({ operations: 0, elapsedMs: 0, ackMs: [] });

/** Somebody makes a bot. @param username ends in "bot" */
export async function makeBot(owner: RawAccount, username: string): Promise<MadeBot> {
  const user = await callPatiently<'bots.createBot'>(owner, { _: 'bots.createBot', name: username, username, manager_id: { _: 'inputUserEmpty' } });
  if (user._ !== 'user' || user.access_hash === undefined) throw new Error(`bots.createBot answers ${user._}`);
  return { username, input: { _: 'inputUser', user_id: user.id, access_hash: user.access_hash }, owner };
}

/** The token of a bot. */
export async function tokenOf({ owner, input: bot }: MadeBot): Promise<string> {
  return (await callPatiently<'bots.exportBotToken'>(owner, { _: 'bots.exportBotToken', bot, revoke: false })).token;
}

/** Connects as a bot. @param n says from which address */
export async function logInBot(server: ServerInfo, made: MadeBot, n: number): Promise<RawAccount> {
  return RawAccount.logInBot(server, await tokenOf(made), { name: made.username, localAddress: sourceAddress(n) });
}

/** A bot that was made. */
export function madeBot(n: number): MadeBot {
  const bot = made[n];
  if (bot === undefined) throw new Error(`bot ${n} was not made`);
  return bot;
}

/** A bot that is logged in. */
export function onlineBot(n: number): RawAccount {
  const bot = online[n];
  if (bot === undefined) throw new Error(`bot ${n} has not logged in`);
  return bot;
}

/** Signs up `accounts` and lets them make bots until there are `count`. */
export async function makeBots(server: ServerInfo, { count, accounts }: { count: number; accounts: number }): Promise<Outcome> {
  await signUp(server, accounts);
  let next = made.length;
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (next < count) {
      const n = next++;
      made[n] = await makeBot(accountAt(n % accounts), `load_${n}_bot`);
    }
  }));
  return nothingMeasured();
}

/** Connects as the first `count` bots. */
export async function startBots(server: ServerInfo, count: number): Promise<Outcome> {
  for (let n = online.length; n < count; n++) online.push(await logInBot(server, made[n]!, n));
  return nothingMeasured();
}

/** A bot as an account names it that did not make it. */
export async function findBot(account: RawAccount, { username }: MadeBot): Promise<tl.inputUser> {
  const { users } = await account.call<'contacts.resolveUsername'>({ _: 'contacts.resolveUsername', username });
  const user = users[0];
  if (user?._ !== 'user' || user.access_hash === undefined) throw new Error(`nobody found ${username}`);
  return { _: 'inputUser', user_id: user.id, access_hash: user.access_hash };
}

/** People as bots name them: without an access hash. */
const asBotsSay = ({ userId }: RawAccount): tl.InputPeer => ({ _: 'inputPeerUser', user_id: userId, access_hash: 0n });

/** An account, and the message of the first bot that has a button. */
interface Presser {
  account: RawAccount;
  peer: tl.inputPeerUser;
  msgId: number;
}

const pressers: Presser[] = [];

/** Accounts 0, 2, 4 … write to the first bot, which sends each of them a message with a button, and answers each press at once. */
export async function offerButtons(people: number): Promise<Outcome> {
  const bot = online[0]!;
  bot.onUpdates = (pushed) => {
    for (const update of pushed._ === 'updates' ? pushed.updates : pushed._ === 'updateShort' ? [pushed.update] : []) {
      if (update._ === 'updateBotCallbackQuery') void bot.call<'messages.setBotCallbackAnswer'>({ _: 'messages.setBotCallbackAnswer', query_id: update.query_id, message: 'well done', cache_time: 0 });
    }
  };
  for (let n = 0; n < people; n++) {
    const account = accountAt(2 * n);
    const peer: tl.inputPeerUser = { ...(await findBot(account, made[0]!)), _: 'inputPeerUser' };
    await account.sendTo(peer, '/start', systemRandom.int63());
    const msgId = new Promise<number>((resolve) => {
      account.onUpdates = (pushed) => {
        const offered = (pushed._ === 'updates' ? pushed.updates : []).find((update) => update._ === 'updateNewMessage');
        if (offered?._ === 'updateNewMessage' && offered.message._ === 'message' && offered.message.reply_markup !== undefined) resolve(offered.message.id);
      };
    });
    const button: tl.keyboardInlineButton = { _: 'keyboardInlineButton', text: 'Press', type: { _: 'inlineButtonTypeCallback', data: DATA } };
    const reply_markup: tl.ReplyMarkup = { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [button] }] };
    await bot.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer: asBotsSay(account), message: 'What now?', random_id: systemRandom.int63(), reply_markup });
    pressers.push({ account, peer, msgId: await msgId });
    account.onUpdates = () => {};
  }
  return nothingMeasured();
}

/** Runs something again and again for `ms` milliseconds, one at a time and at most `perSecond`. @returns with the time of each in `ackMs` */
async function runInTurns(ms: number, perSecond: number, run: (n: number) => Promise<unknown>): Promise<Outcome> {
  const ackMs: number[] = [];
  const started = performance.now();
  for (let at = started; at < started + ms; at = performance.now()) {
    await run(ackMs.length);
    ackMs.push(performance.now() - at);
    await delay(Math.max(0, at + 1000 / perSecond - performance.now()));
  }
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}

/** The accounts press their buttons in turns. @returns the times from the press to the answer of the bot */
export function pressButtons(ms: number, perSecond: number): Promise<Outcome> {
  return runInTurns(ms, perSecond, async (n) => {
    const { account, peer, msgId: msg_id } = pressers[n % pressers.length]!;
    const { message } = await account.call<'messages.getBotCallbackAnswer'>({ _: 'messages.getBotCallbackAnswer', peer, msg_id, data: DATA });
    if (message !== 'well done') throw new Error(`the bot answers ${message}`);
  });
}

/** Account 2i writes to account 2i + 1, which replies at once. @returns the times from the message to the arrival of the reply */
export async function exchangeMessages(ms: number, perSecond: number, people: number): Promise<Outcome> {
  let replied: (text: string) => void = () => {};
  for (let n = 0; n < people; n++) {
    const [asker, other] = [accountAt(2 * n), accountAt(2 * n + 1)];
    await other.meet(asker);
    other.onText = (text) => void other.send(asker, `to ${text}`);
    asker.onText = (text) => replied(text);
  }
  const run = performance.now();
  return runInTurns(ms, perSecond, async (n) => {
    const [asker, other] = [accountAt(2 * (n % people)), accountAt(2 * (n % people) + 1)];
    const text = `${run} ${n}`;
    const reply = new Promise<void>((resolve) => {
      replied = (got) => {
        if (got === `to ${text}`) resolve();
      };
    });
    await Promise.all([reply, asker.send(other, text)]);
  });
}

let groups: { without: ChannelLoad; within: ChannelLoad } | undefined;

/** Account 0 makes two supergroups and adds all bots that are online to one of them. */
export async function makeBotGroups(): Promise<Outcome> {
  const creator = accountAt(0);
  const [without, within] = [await ChannelLoad.create([creator], 'megagroup'), await ChannelLoad.create([creator], 'megagroup')];
  const bots: tl.InputUser[] = [];
  for (const bot of made.slice(0, online.length)) bots.push(await findBot(creator, bot));
  await within.invite(bots);
  groups = { without, within };
  return nothingMeasured();
}

/** Account 0 posts in one of the groups. @returns with the number of pushes that the bots got meanwhile, as `deliveries` */
export async function postBesideBots(ms: number, pace: SendPace, hasBots: boolean): Promise<Outcome> {
  let pushes = 0;
  for (const bot of online) bot.onUpdates = () => void (pushes += 1);
  const { without, within } = groups!;
  const outcome = await (hasBots ? within : without).send(ms, pace, false);
  return { ...outcome, deliveries: pushes };
}

/** The first bot writes to accounts 0, 2, 4 …, which have written to it before. */
export function sendAsBot(ms: number, pace: SendPace): Promise<Outcome> {
  const bot = online[0]!;
  const deliveries = new Deliveries();
  for (const { account } of pressers) account.onText = (text) => deliveries.arrived(text);
  return deliveries.run(ms, pressers.length, pace, (to, text) => bot.sendTo(asBotsSay(pressers[to]!.account), text, systemRandom.int63()));
}
