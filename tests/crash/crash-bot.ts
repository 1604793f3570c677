import { setTimeout as delay } from 'node:timers/promises';
import { Disconnected, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { isRetryable } from './power-cut.ts';

/** How long the server may take to tell a bot of something, in milliseconds. */
const TOLD_MS = 30_000;
const POLL_MS = 5;

/** How somebody refers to a bot or a person whose username they look up. */
export async function findUser(account: RawAccount, username: string): Promise<tl.inputUser> {
  const { users } = await account.call<'contacts.resolveUsername'>({ _: 'contacts.resolveUsername', username });
  const [user] = users;
  if (user?._ !== 'user') throw new Error(`nobody is called ${username}`);
  return { _: 'inputUser', user_id: user.id, access_hash: user.access_hash! };
}

export const peerOf = ({ user_id, access_hash }: tl.inputUser): tl.inputPeerUser => ({ _: 'inputPeerUser', user_id, access_hash });

/** A program of a bot that follows its events by their qts: pushes while it is connected, and after that the difference from where it was. */
export class CrashBot {
  readonly account: RawAccount;
  readonly username: string;
  /** All events with a qts since log-in. */
  readonly events: tl.Update[] = [];
  /** Broken rules, in words. */
  readonly broken: string[] = [];
  /** Answers questions and pressed buttons. */
  readonly answers: ((update: tl.Update) => Promise<void>)[] = [];
  #state: Pick<tl.updates.state, 'pts' | 'qts' | 'date'>;
  /** Everything up to now is known, so that pushes may have no hole. */
  #isWhole = true;
  #isCut = false;
  /** What was pushed while a difference was being read. It may follow upon that, so it is looked at afterwards. */
  #held: tl.Update[] | undefined;

  private constructor(account: RawAccount, username: string, state: tl.updates.state) {
    this.account = account;
    this.username = username;
    this.#state = state;
    account.onUpdates = (updates) => this.#take(updates);
  }

  static async logIn(server: ServerInfo, username: string, token: string): Promise<CrashBot> {
    const account = await RawAccount.logInBot(server, token, { name: username });
    return new CrashBot(account, username, await account.call<'updates.getState'>({ _: 'updates.getState' }));
  }

  /** Notes that the server is about to be killed. */
  cut(): void {
    this.#isCut = true;
    this.#isWhole = false;
  }

  /** Reads what the bot missed, from where it was. */
  async catchUp(): Promise<void> {
    this.#isCut = false;
    const held: tl.Update[] = [];
    this.#held = held;
    for (let isOver = false; !isOver; ) {
      const { pts, qts, date } = this.#state;
      const answer = await this.account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts, qts, date });
      if (answer._ === 'updates.differenceTooLong') throw new Error('differenceTooLong for a bot that did not ask for it');
      if (answer._ === 'updates.differenceEmpty') break;
      let told = qts;
      for (const update of answer.other_updates) {
        if (!('qts' in update)) continue;
        if (update.qts !== told + 1) this.broken.push(`${this.username}: a difference tells of qts ${update.qts} after ${told}`);
        told = update.qts;
        this.#follow(update, update.qts);
      }
      isOver = answer._ === 'updates.difference';
      const state = answer._ === 'updates.difference' ? answer.state : answer.intermediate_state;
      if (state.qts !== told) this.broken.push(`${this.username}: a difference tells of events up to qts ${told} and ends at ${state.qts}`);
      this.#state = { pts: state.pts, qts: Math.max(this.#state.qts, state.qts), date: state.date };
    }
    this.#isWhole = true;
    this.#held = undefined;
    for (const update of held) this.#followPush(update);
  }

  /** Waits until the events say something. @throws Disconnected if the server is killed before */
  async sees(holds: () => boolean): Promise<void> {
    for (const deadline = performance.now() + TOLD_MS; !holds(); await delay(POLL_MS)) {
      if (this.#isCut) throw new Disconnected();
      if (performance.now() > deadline) throw new Error(`${this.username} was not told, at qts ${this.#state.qts}`);
    }
  }

  /** Events that one has to wait for after a crash, because jobs write them. @returns whether they came */
  async sawLately(holds: () => boolean): Promise<boolean> {
    for (const deadline = performance.now() + TOLD_MS; !holds(); await delay(POLL_MS)) if (performance.now() > deadline) return false;
    return true;
  }

  #take(updates: tl.Updates): void {
    const all = updates._ === 'updates' || updates._ === 'updatesCombined' ? updates.updates : updates._ === 'updateShort' ? [updates.update] : [];
    for (const update of all) {
      if (this.#held === undefined) this.#followPush(update);
      else this.#held.push(update);
      for (const answer of this.answers) void this.#answer(answer(update));
    }
  }

  #followPush(update: tl.Update): void {
    if ('qts' in update) this.#follow(update, update.qts);
  }

  #follow(update: tl.Update, qts: number): void {
    const { qts: last } = this.#state;
    if (qts === last + 1) {
      this.#state = { ...this.#state, qts };
      this.events.push(update);
    } else if (qts > last && this.#isWhole) {
      this.broken.push(`${this.username} was pushed qts ${qts} after ${last}`);
    }
  }

  /** An answer that is lost with the connection is not given. */
  async #answer(answering: Promise<void>): Promise<void> {
    try {
      await answering;
    } catch (error) {
      if (!isRetryable(error)) this.broken.push(`${this.username}: ${(error as Error).message}`);
    }
  }
}
