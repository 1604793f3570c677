import { RawAccount } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { HttpBot } from '../load/bot-http.ts';
import { findBot, makeBot, tokenOf } from '../load/bot-load.ts';
import { createChannel } from '../load/channel-load.ts';
import { createGroup, findMembers } from '../load/group-load.ts';
import { sourceAddress } from '../load/outcome.ts';
import { phoneOf } from '../load/send-load.ts';
import { Arrivals } from './arrivals.ts';
import type { RunningServer } from './running-server.ts';

/** How many accounts call at the same time in the table "Sixteen at once". */
export const TOGETHER = 16;
/** Members of each group and channel who are online, besides the creator. */
const LISTENERS = 3;
/** Members of a basic group. */
const GROUP_SIZE = 20;

/** An account that makes calls, with the chats that the calls concern. No two callers share a chat, so that none waits for a lock of another. */
export interface Caller {
  account: RawAccount;
  /** The other side of a private chat; online. */
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

/** The accounts, chats and bots that the rows use. */
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

  /** @param together makes sixteen callers; otherwise one */
  static async make(server: RunningServer, together: boolean): Promise<Stage> {
    const arrivals = new Arrivals(() => (server.lastArrivalMs = performance.now()));
    const accounts: RawAccount[] = [];
    const signUp = async (): Promise<RawAccount> => {
      const n = accounts.length;
      // Log-ins are limited by address and minute.
      await server.passMinute();
      const account = await RawAccount.signUp(server.info, { name: `Account ${String(n).padStart(3, '0')}`, ...phoneOf(n), localAddress: sourceAddress(n) });
      account.onPacket = (messages) => arrivals.add(messages);
      accounts.push(account);
      return account;
    };
    const crowd: RawAccount[] = [];
    for (let n = 0; n < GROUP_SIZE - 1; n++) crowd.push(await signUp());
    for (const account of crowd.slice(LISTENERS)) account.disconnect();
    const callers: Caller[] = [];
    for (let n = 0; n < (together ? TOGETHER : 1); n++) callers.push(await makeCaller(server, { account: await signUp(), friend: await signUp(), crowd, n }));
    return new Stage(server, arrivals, callers, accounts);
  }

  /** Registers a function that runs when the stage is disposed. */
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
  /** Who becomes a member of the groups. The first ones are online. */
  crowd: readonly RawAccount[];
  /** For the name of the bot, and the address that it connects from. */
  n: number;
}

async function makeCaller(server: RunningServer, { account, friend, crowd, n }: CallerParts): Promise<Caller> {
  await account.meet(friend);
  await friend.meet(account);
  const users = await findMembers(account, crowd);
  await server.passMinute();
  const group: tl.InputPeer = { _: 'inputPeerChat', chat_id: await createGroup(account, users) };
  const online = users.slice(0, LISTENERS);
  await server.passMinute();
  const supergroup = await createChannel(account, 'megagroup', online);
  await server.passMinute();
  const channel = await createChannel(account, 'broadcast', online);
  const made = await makeBot(account, `work_${n}_bot`);
  const token = await tokenOf(made);
  const botPeer: tl.InputPeer = { ...(await findBot(friend, made)), _: 'inputPeerUser' };
  await friend.sendTo(botPeer, '/start', systemRandom.int63());
  return { account, friend, group, supergroup, channel, botPeer, openBot: () => HttpBot.open(server.info, token, n) };
}
