import { RawAccount } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { HttpBot } from '../load/bot-http.ts';
import { makeBot, tokenOf } from '../load/bot-load.ts';
import { findMembers } from '../load/group-load.ts';
import { sourceAddress } from '../load/outcome.ts';
import { phoneOf } from '../load/send-load.ts';
import { Arrivals } from './arrivals.ts';
import type { RunningServer } from './running-server.ts';

/** How many call at once in the rows of several. */
export const TOGETHER = 16;
/** Members of groups and channels who are online beside their creator. */
const LISTENERS = 3;
/** Members of a basic group. */
const GROUP_SIZE = 20;

/** Somebody who calls, and what they call about. Each has their own, so that those who call at once do not wait for each other. */
export interface Caller {
  account: RawAccount;
  /** Somebody who is online. */
  friend: RawAccount;
  /** A basic group of 20, of whom four are online. */
  group: tl.InputPeer;
  /** A supergroup and a channel whose creator the caller is, with three members who are online. */
  supergroup: tl.inputPeerChannel;
  channel: tl.inputPeerChannel;
  /** A bot that the friend talks with, as the friend names it. */
  botPeer: tl.InputPeer;
  /** Connects as the bot. Connections over HTTP end when they are not used for some seconds. */
  openBot(): Promise<HttpBot>;
}

/** The people of the rows. */
export class Stage implements Disposable {
  readonly server: RunningServer;
  readonly arrivals: Arrivals;
  readonly callers: readonly Caller[];
  readonly #accounts: readonly RawAccount[];
  readonly #ends: (() => void)[] = [];

  private constructor(server: RunningServer, arrivals: Arrivals, callers: readonly Caller[], accounts: readonly RawAccount[]) {
    this.server = server;
    this.arrivals = arrivals;
    this.callers = callers;
    this.#accounts = accounts;
  }

  /** @param together whether there are as many callers as call at once, or only the first one */
  static async make(server: RunningServer, together: boolean): Promise<Stage> {
    const arrivals = new Arrivals(() => (server.lastArrivalMs = performance.now()));
    const accounts: RawAccount[] = [];
    const signUp = async (): Promise<RawAccount> => {
      const n = accounts.length;
      // What limits log-ins by address and time is not what is counted.
      await server.tell({ do: 'jump', ms: 60_000 });
      const account = await RawAccount.signUp(server.info, { name: `Account ${String(n).padStart(3, '0')}`, ...phoneOf(n), localAddress: sourceAddress(n) });
      account.onPacket = (messages) => arrivals.add(messages);
      accounts.push(account);
      return account;
    };
    const crowd: RawAccount[] = [];
    for (let n = 0; n < GROUP_SIZE - 1; n++) crowd.push(await signUp());
    for (const account of crowd.slice(LISTENERS)) account.disconnect();
    const callers: Caller[] = [];
    for (let n = 0; n < (together ? TOGETHER : 1); n++) callers.push(await makeCaller(server, { account: await signUp(), friend: await signUp(), crowd, n, jump: () => server.tell({ do: 'jump', ms: 60_000 }) }));
    return new Stage(server, arrivals, callers, accounts);
  }

  /** Notes what has to be done at the end. */
  onEnd(end: () => void): void {
    this.#ends.push(end);
  }

  [Symbol.dispose](): void {
    for (const end of this.#ends) end();
    for (const account of this.#accounts) account.disconnect();
  }
}

interface CallerParts {
  account: RawAccount;
  friend: RawAccount;
  crowd: readonly RawAccount[];
  n: number;
  jump: () => Promise<unknown>;
}

async function makeCaller(server: RunningServer, { account, friend, crowd, n, jump }: CallerParts): Promise<Caller> {
  await account.meet(friend);
  await friend.meet(account);
  const users = await findMembers(account, crowd);
  await jump();
  const { updates } = await account.call<'messages.createChat'>({ _: 'messages.createChat', users, title: 'Everybody' });
  if (updates._ !== 'updates') throw new Error(`createChat answers ${updates._}`);
  const group: tl.InputPeer = { _: 'inputPeerChat', chat_id: updates.chats[0]!.id };
  const online = users.slice(0, LISTENERS);
  const [supergroup, channel] = [await makeChannel(account, 'megagroup', online, jump), await makeChannel(account, 'broadcast', online, jump)];
  const username = `work_${n}_bot`;
  const made = await makeBot(account, username);
  const token = await tokenOf(made);
  const { users: found } = await friend.call<'contacts.resolveUsername'>({ _: 'contacts.resolveUsername', username });
  const bot = found[0];
  if (bot?._ !== 'user') throw new Error('nobody found the bot');
  const botPeer: tl.InputPeer = { _: 'inputPeerUser', user_id: bot.id, access_hash: bot.access_hash! };
  await friend.sendTo(botPeer, '/start', systemRandom.int63());
  return { account, friend, group, supergroup, channel, botPeer, openBot: () => HttpBot.open(server.info, token, n) };
}

async function makeChannel(creator: RawAccount, kind: 'megagroup' | 'broadcast', users: tl.InputUser[], jump: () => Promise<unknown>): Promise<tl.inputPeerChannel> {
  await jump();
  const made = await creator.call<'channels.createChannel'>({ _: 'channels.createChannel', [kind]: true, title: 'Everybody', about: '' });
  const channel = made._ === 'updates' ? made.chats[0] : undefined;
  if (channel?._ !== 'channel') throw new Error(`createChannel answers ${made._}`);
  const peer: tl.inputPeerChannel = { _: 'inputPeerChannel', channel_id: channel.id, access_hash: channel.access_hash! };
  await creator.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: { ...peer, _: 'inputChannel' }, users });
  return peer;
}
