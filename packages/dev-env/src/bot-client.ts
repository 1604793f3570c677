import { Long, MemoryStorage, tl, type BaseTelegramClient } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { Actor } from './actor.ts';
import { createMtcuteClient, type MtcuteClientOptions } from './mtcute-client.ts';
import type { Serving } from './serving.ts';
import { BotEvents } from './state/bot-events.ts';

/** How long to wait for a push before the test fails, in milliseconds. */
const WAIT_MS = 15_000;

/** A program that is logged in as a bot by its token: a mtcute connection, and the updates that were pushed to it. */
export class BotClient implements AsyncDisposable {
  readonly id: number;
  readonly client: BaseTelegramClient;
  /** What was pushed so far, in order. */
  readonly updates: tl.TypeUpdate[] = [];
  readonly #waiters = new Set<() => void>();
  /** The events with a qts, which are checked in the end. */
  readonly #events: BotEvents;
  #isAway = false;

  private constructor(id: number, client: BaseTelegramClient) {
    this.id = id;
    this.client = client;
    this.#events = new BotEvents((request) => client.call(request));
  }

  /** Logs in as the bot that has this token. */
  static async logIn({ info, prepareKey }: Serving, token: string, options: MtcuteClientOptions = {}): Promise<BotClient> {
    const storage = options.storage ?? new MemoryStorage();
    if (prepareKey !== undefined && options.storage === undefined) storage.authKeys.set(info.dc_id, await prepareKey({ dcId: info.dc_id, test: false }));
    const client = await createMtcuteClient(info, { ...options, storage });
    try {
      await client.connect();
      const authorization = await client.call({ _: 'auth.importBotAuthorization', flags: 0, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', botAuthToken: token });
      if (authorization._ !== 'auth.authorization' || authorization.user._ !== 'user') throw new Error(`log-in answers ${authorization._}`);
      const bot = new BotClient(authorization.user.id, client);
      client.onServerUpdate.add((pushed) => bot.#keep(pushed));
      await client.notifyLoggedIn(authorization);
      client.onConnectionState.add((state) => {
        bot.#isAway = state !== 'connected';
        if (bot.#isAway) bot.#events.lostConnection();
      });
      bot.#events.begin(await client.call({ _: 'updates.getState' }));
      return bot;
    } catch (error) {
      await client.destroy();
      throw error;
    }
  }

  async call<T extends tl.RpcMethod>(request: T): Promise<tl.RpcCallReturn[T['_']]> {
    if (request._ !== 'updates.getState' && request._ !== 'updates.getDifference') return this.client.call(request);
    this.#events.expectPushesAgain(true);
    try {
      return await this.client.call(request);
    } finally {
      this.#events.expectPushesAgain(false);
    }
  }

  /** Calls a method that must fail and returns its error, such as `PEER_ID_INVALID`. */
  async refusal(request: tl.RpcMethod): Promise<string> {
    try {
      await this.client.call(request);
    } catch (error) {
      if (tl.RpcError.is(error)) return error.text;
      throw error;
    }
    throw new Error(`${request._} was not refused`);
  }

  /** Sends a text to somebody, whom the bot names by the id alone. */
  send(to: Actor | { id: number }, text: string): Promise<tl.TypeUpdates> {
    return this.call({ _: 'messages.sendMessage', peer: this.peerOf(to), message: text, randomId: randomLong() });
  }

  /** A person as bots may name one: without an access hash. */
  peerOf({ id }: { id: number }): tl.RawInputPeerUser {
    return { _: 'inputPeerUser', userId: id, accessHash: Long.ZERO };
  }

  /** Waits for an update, among those that came already and those to come. */
  async waitFor<U extends tl.TypeUpdate>(what: string, matches: (update: tl.TypeUpdate) => update is U): Promise<U> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const found = this.updates.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const waiter = (): void => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve();
        };
        const timer = setTimeout(() => {
          this.#waiters.delete(waiter);
          reject(new Error(`the bot ${this.id} saw no ${what} within ${WAIT_MS} ms, but ${this.updates.map((update) => update._).join(', ')}`));
        }, deadline - Date.now());
        this.#waiters.add(waiter);
      });
    }
  }

  /** Waits for a message with this text, in a private chat or a group. */
  async sees(text: string): Promise<tl.RawMessage> {
    type Arrival = (tl.RawUpdateNewMessage | tl.RawUpdateNewChannelMessage) & { message: tl.RawMessage };
    const isArrival = (update: tl.TypeUpdate): update is Arrival =>
      (update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage') && update.message._ === 'message' && update.message.message === text;
    return (await this.waitFor(`"${text}"`, isArrival)).message;
  }

  /** Ends the connection, and checks that each event with a qts was told once and in order. @throws if not */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#isAway) await this.#events.check();
    } finally {
      await this.client.destroy();
    }
  }

  #keep(pushed: tl.TypeUpdates): void {
    if (pushed._ === 'updates' || pushed._ === 'updatesCombined') this.updates.push(...pushed.updates);
    else if (pushed._ === 'updateShort') this.updates.push(pushed.update);
    else if (pushed._ === 'updateShortMessage') this.updates.push(arrivalOf(pushed, pushed.out === true ? this.id : pushed.userId));
    this.#events.take(pushed);
    for (const waiter of this.#waiters) waiter();
  }
}

/** The long form of a short update of a private chat. */
function arrivalOf(short: tl.RawUpdateShortMessage, authorId: number): tl.RawUpdateNewMessage {
  const { userId, id, message, date, pts, ptsCount } = short;
  return {
    _: 'updateNewMessage', pts, ptsCount,
    message: { _: 'message', id, message, date, out: short.out ?? false, peerId: { _: 'peerUser', userId }, fromId: { _: 'peerUser', userId: authorId } },
  };
}
