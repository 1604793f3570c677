import { CHANNEL_OFFSET as OFFSET } from '@aerogram/cluster';
import type { tl as server } from '@aerogram/tl';
import { Long, MemoryStorage, tl, type BaseTelegramClient } from '@mtcute/node';
import { type Asking, askReactions } from './ask-reactions.ts';
import { createMtcuteClient, type MtcuteClientOptions } from './mtcute-client.ts';
import { fromMtcute, toMtcute } from './mtcute-values.ts';
import type { ServerInfo } from './server-info.ts';
import type { PrepareKey } from './prepared-keys.ts';
import { AccountState } from './state/account-state.ts';
import { readMessage, type BoxMessage } from './state/box-message.ts';
import { loadAccount } from './state/load-account.ts';
import { applyCall, isOwnCall } from './state/own-calls.ts';

/** How long to wait for a push before the test fails, in milliseconds. */
const WAIT_MS = 15_000;

type Call = tl.RpcMethod;

const EVENTS_KEPT = 1000;

/** Marked ids of channels are below minus this; as a number, because mtcute has ids as numbers. */
const CHANNEL_OFFSET = Number(OFFSET);

/** One logged-in device of an account: a mtcute connection and what a strict client would know of the account. */
export class Device implements AsyncDisposable {
  readonly name: string;
  readonly state: AccountState;
  /** Updates in the order in which they were applied, as the library has them, for waits such as "sees typing". */
  readonly events: tl.TypeUpdate[] = [];
  /** Access hashes that this account received, by user id or marked id of a channel. */
  readonly accessHashes = new Map<number, Long>();
  private readonly server: () => ServerInfo;
  private readonly options: MtcuteClientOptions;
  private readonly waiters = new Set<() => void>();
  private current: BaseTelegramClient | undefined;
  private isReadingChannels = false;
  /** Pushes that came while the device waited for a difference, which may be older than they are. */
  private early: server.Updates[] | undefined;
  /** What the library read, by what was made of it for the state. */
  private readonly origins = new WeakMap<object, object>();

  /** @param self the user id of the account */
  constructor({ name, self, server, options, client }: { name: string; self: number; server: () => ServerInfo; options: MtcuteClientOptions; client: BaseTelegramClient }) {
    this.name = name;
    this.state = new AccountState(self);
    this.state.onApplied = (update) => this.remember(update);
    this.server = server;
    this.options = options;
    this.attach(client);
  }

  /** False between goOffline and goOnline. */
  get isOnline(): boolean {
    return this.current !== undefined;
  }

  /** The library's client; throws while the device is offline. */
  get client(): BaseTelegramClient {
    if (!this.current) throw new Error(`${this.name} is offline`);
    return this.current;
  }

  /** Calls a method and applies its success to the state. Throws the library's RpcError. */
  async call<T extends Call>(request: T): Promise<tl.RpcCallReturn[T['_']]> {
    const answer = await this.read(request);
    if (isOwnCall(request._)) {
      const said: unknown = typeof answer === 'object' && answer !== null ? fromMtcute(answer, this.origins) : answer;
      applyCall(this.state, fromMtcute(request), said);
      this.wake();
    }
    return answer;
  }

  /** Calls a method that must fail and returns its error, such as `PEER_ID_INVALID`. */
  async fails<T extends Call>(request: T): Promise<{ code: number; text: string }> {
    try {
      await this.call(request);
    } catch (error) {
      if (error instanceof tl.RpcError) return { code: error.code, text: error.text };
      throw error;
    }
    throw new Error(`${request._} was expected to fail`);
  }

  /** Calls a method whose answer is an `Updates`. */
  async change<T extends Call>(request: T): Promise<tl.TypeUpdates> {
    return this.call(request);
  }

  /** Calls a method that adds people to a group. */
  async invite<T extends Extract<Call, { _: 'messages.createChat' | 'messages.addChatUser' | 'channels.inviteToChannel' }>>(request: T): Promise<tl.messages.RawInvitedUsers> {
    return this.call(request);
  }

  /**
   * Waits until a condition on the state holds, checked whenever something arrives.
   *
   * @param what description for the error
   * @throws after 15 s, with the current state
   */
  async waitUntil(what: string, holds: () => boolean, timeoutMs = WAIT_MS): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.waiters.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiters.delete(check);
        const texts = [...this.state.messages.values()].map((message) => `${message.id}:${message.text}`).slice(-20);
        reject(new Error(`${this.name} waited in vain for ${what}; ${this.state.holes}, messages ${texts.join(' | ')}`));
      }, timeoutMs);
      this.waiters.add(check);
    });
  }

  /** The newest message with this text, or undefined. */
  find(text: string): BoxMessage | undefined {
    let found: BoxMessage | undefined;
    const boxes = [this.state.box, ...[...this.state.channels.states].map(([, { box }]) => box)];
    for (const box of boxes) {
      for (const message of box.messages.values()) {
        if (message.text === text && (!found || message.id > found.id)) found = message;
      }
    }
    return found;
  }

  /** Waits for a message with this text and returns it. */
  async sees(text: string): Promise<BoxMessage> {
    await this.waitUntil(`"${text}"`, () => this.find(text) !== undefined);
    return this.find(text)!;
  }

  /** Waits until no message has this text. */
  async seesGone(text: string): Promise<void> {
    await this.waitUntil(`"${text}" to go`, () => this.find(text) === undefined);
  }

  /** Waits for an update of a kind that satisfies a condition. */
  async seesUpdate<K extends tl.TypeUpdate['_']>(kind: K, fits: (update: Extract<tl.TypeUpdate, { _: K }>) => boolean = () => true): Promise<Extract<tl.TypeUpdate, { _: K }>> {
    const search = (): Extract<tl.TypeUpdate, { _: K }> | undefined =>
      this.events.find((event): event is Extract<tl.TypeUpdate, { _: K }> => event._ === kind && fits(event as Extract<tl.TypeUpdate, { _: K }>));
    await this.waitUntil(kind, () => search() !== undefined);
    return search()!;
  }

  /** Input for a user whose access hash this account received. */
  inputUser(id: number): tl.RawInputUser {
    return { _: 'inputUser', userId: id, accessHash: this.hashOf(id) };
  }

  /** Input for a channel whose access hash this account received. @param id marked, as in the Bot API */
  inputChannel(id: number): tl.RawInputChannel {
    return { _: 'inputChannel', channelId: -id - CHANNEL_OFFSET, accessHash: this.hashOf(id) };
  }

  /** Input for a private chat with a user whose access hash this account received, for a basic group, or for such a channel. @param id marked, as in the Bot API */
  inputPeer(id: number): tl.TypeInputPeer {
    if (id < -CHANNEL_OFFSET) return { _: 'inputPeerChannel', channelId: -id - CHANNEL_OFFSET, accessHash: this.hashOf(id) };
    if (id < 0) return { _: 'inputPeerChat', chatId: -id };
    return id === this.state.self ? { _: 'inputPeerSelf' } : { _: 'inputPeerUser', userId: id, accessHash: this.hashOf(id) };
  }

  /** The account as it is now, read as by a device that knows nothing. */
  async load(): Promise<AccountState> {
    return loadAccount({
      self: this.state.self,
      call: async (request) => {
        const answer: unknown = await this.read(toMtcute(request));
        return typeof answer === 'object' && answer !== null ? fromMtcute(answer) : answer;
      },
      refusalOf: (error) => (error instanceof tl.RpcError ? error.text : undefined),
    });
  }

  /** Takes the account as it is now into the state; what was pushed meanwhile follows it. */
  async start(): Promise<void> {
    this.state.become(await this.load());
    this.wake();
  }

  /** Every message of a private chat, newest first, read in pages. */
  async loadHistory(peer: number, page = 100): Promise<BoxMessage[]> {
    const all: BoxMessage[] = [];
    for (let offsetId = 0; ;) {
      const answer = await this.call({
        _: 'messages.getHistory', peer: this.inputPeer(peer), offsetId, offsetDate: 0, addOffset: 0, limit: page, maxId: 0, minId: 0, hash: Long.ZERO,
      });
      if (answer._ === 'messages.messagesNotModified') throw new Error('messagesNotModified answers hash 0');
      const rows = answer.messages.filter((message) => message._ !== 'messageEmpty');
      for (const row of rows) all.push(readMessage(fromMtcute(row), BigInt(this.state.self)));
      if (rows.length < page) return all;
      offsetId = rows.at(-1)!.id;
    }
  }

  /** Applies getDifference, slice by slice, from the pts of a state until the server has no more. */
  async catchUp(state: AccountState = this.state, limits: { ptsLimit?: number } = {}): Promise<number> {
    const isOwn = state === this.state;
    if (isOwn) this.early ??= [];
    else this.state.expectPushesAgain(true);
    try {
      for (let slices = 1, { pts } = state; ; slices++, { pts } = state) {
        const difference = await this.call({ _: 'updates.getDifference', pts, date: state.date, qts: state.qts, ...limits });
        if (state.applyDifference(fromMtcute(difference, this.origins), pts)) continue;
        await this.readChannels(state);
        return slices;
      }
    } finally {
      if (isOwn) this.takeEarly();
      else this.state.expectPushesAgain(false);
      this.wake();
    }
  }

  /** Asks for reactions, see {@link askReactions}. */
  askReactions(state: AccountState, fresh: AccountState, isAsked?: Asking['isAsked']): Promise<void> {
    return askReactions(state, fresh, { call: async (request) => fromMtcute<server.Updates>(await this.read(toMtcute(request))), ...(isAsked && { isAsked }) });
  }

  /** Closes the connection and drops the client; the keys stay in its storage. */
  async goOffline(): Promise<void> {
    const client = this.current;
    this.current = undefined;
    await client?.destroy();
  }

  /** Connects with the same keys in a new session, without fetching a difference. */
  async goOnline(): Promise<void> {
    if (this.current) return;
    const client = await createMtcuteClient(this.server(), this.options);
    await client.connect();
    this.state.forgetPushes();
    this.attach(client);
    await this.call({ _: 'updates.getState' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goOffline();
  }

  private attach(client: BaseTelegramClient): void {
    this.current = client;
    client.onServerUpdate.add((pushed) => {
      if (this.current !== client) return;
      this.keepHashes(pushed);
      const updates = fromMtcute<server.Updates>(pushed, this.origins);
      if (this.early !== undefined) return void this.early.push(updates);
      this.state.applyUpdates(updates, 'push');
      this.wake();
    });
  }

  /** Asks for the differences of the channels that a state lacks something of. */
  private async readChannels(state: AccountState): Promise<void> {
    for (const id of state.channels.behind) {
      try {
        const isNew = state.channels.find(id) === undefined;
        for (let more = true; more; ) {
          const pts = state.channels.find(id)?.line.pts ?? 1;
          const difference = await this.read({ _: 'updates.getChannelDifference', channel: this.inputChannel(id), filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 });
          more = state.applyChannelDifference(id, fromMtcute(difference), pts);
        }
        // How far a new channel is read, and how long its messages last, stands in its dialog only.
        if (isNew) await this.readMarks(state, id);
        if (state.channels.unloaded.delete(id)) for (const { raw } of await this.loadHistory(id)) state.channels.open(id).box.put(raw);
        state.channels.behind.delete(id);
      } catch (error) {
        if (!(error instanceof tl.RpcError)) throw error;
        // Clients leave a channel that they may not read any more.
        state.channels.forget(id);
      }
    }
  }

  private async readMarks(state: AccountState, id: number): Promise<void> {
    const { dialogs: [dialog] } = await this.read({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: this.inputPeer(id) }] });
    if (dialog?._ !== 'dialog') return;
    state.channels.read('readInbox', id, dialog.readInboxMaxId);
    state.channels.read('readOutbox', id, dialog.readOutboxMaxId);
    state.cells.set(`ttl ${id}`, dialog.ttlPeriod);
  }

  /** Reads the channels that pushes or answers have named, one after the other. */
  private followChannels(): void {
    if (this.state.channels.behind.size === 0 || this.isReadingChannels || this.current === undefined) return;
    this.isReadingChannels = true;
    this.readChannels(this.state)
      .catch((error: unknown) => {
        // Without a connection the channels stay behind until the device is online again.
        if (this.current !== undefined) this.state.violations.push(`the channels cannot be read: ${String(error)}`);
      })
      .finally(() => {
        this.isReadingChannels = false;
        this.wake();
      });
  }

  /** Calls without any effect on the state but that users are known from then on. */
  private async read<T extends Call>(request: T): Promise<tl.RpcCallReturn[T['_']]> {
    const answer = await this.client.call<T>(request);
    this.keepHashes(answer);
    return answer;
  }

  /** Updates pushed beyond a difference before its answer are pushed again after it, so the check of their order starts again. */
  private takeEarly(): void {
    const { early = [], state } = this;
    this.early = undefined;
    for (const updates of early) {
      state.applyUpdates(updates, 'push');
      state.forgetPushes();
    }
    state.forgetPushes();
  }

  private wake(): void {
    this.followChannels();
    for (const check of this.waiters) check();
  }

  private remember(update: server.Update): void {
    const origin = this.origins.get(update) as tl.TypeUpdate | undefined;
    if (origin) this.events.push(origin); // what was made of a short update has none
    if (this.events.length > EVENTS_KEPT) this.events.shift();
  }

  private keepHashes(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return;
    const { users, user, chats, updates } = answer as { users?: tl.TypeUser[]; user?: tl.TypeUser; chats?: tl.TypeChat[]; updates?: unknown };
    if (!Array.isArray(updates)) this.keepHashes(updates); // some answers contain an Updates
    for (const one of Array.isArray(chats) ? chats : []) {
      if (one._ === 'channel' && one.accessHash && !one.min) this.accessHashes.set(-CHANNEL_OFFSET - one.id, one.accessHash);
    }
    for (const one of [...(Array.isArray(users) ? users : []), user]) {
      if (one?._ !== 'user') continue;
      if (one.accessHash && !one.min) this.accessHashes.set(one.id, one.accessHash);
      // Users in an Updates are recorded when it is applied, so that rule P12 (named peers travel along) is checked against what came with it.
      if (!('updates' in answer)) this.state.knownUsers.add(one.id);
    }
  }

  private hashOf(id: number): Long {
    const hash = this.accessHashes.get(id);
    if (!hash) throw new Error(`${this.name} was never given the access hash of ${id}`);
    return hash;
  }
}

/** Parameters of a log-in. */
export interface LogIn extends MtcuteClientOptions {
  name: string;
  phone: string;
  /** The code, or a function that finds it after it was sent. */
  code: string | (() => Promise<string>);
  /** Provides the permanent key; by default the device makes one by a handshake. */
  prepareKey?: PrepareKey | undefined;
}

/**
 * Logs in a new device, signs the account up if the number is free, and loads its box.
 *
 * @param server address and keys; read again on each reconnect, because a restarted server may have other ports
 * @returns the device and the account's own user
 */
export async function logIn(server: () => ServerInfo, options: LogIn): Promise<{ device: Device; user: tl.RawUser }> {
  const storage = options.storage ?? new MemoryStorage();
  const settings: MtcuteClientOptions = { ...options, storage };
  const info = server(); // once: the next read may name the next node
  if (options.prepareKey !== undefined && options.storage === undefined) {
    const dcId = options.dcId ?? info.dc_id;
    storage.authKeys.set(dcId, await options.prepareKey({ dcId, test: options.testMode ?? false }));
  }
  const client = await createMtcuteClient(info, settings);
  try {
    await client.connect();
    const phoneNumber = options.phone;
    const sent = await client.call({ _: 'auth.sendCode', phoneNumber, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' } });
    if (sent._ !== 'auth.sentCode') throw new Error(`auth.sendCode answers ${sent._}`);
    const { phoneCodeHash } = sent;
    const phoneCode = typeof options.code === 'string' ? options.code : await options.code();
    let authorization = await client.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash, phoneCode });
    if (authorization._ === 'auth.authorizationSignUpRequired') {
      authorization = await client.call({ _: 'auth.signUp', phoneNumber, phoneCodeHash, firstName: options.name, lastName: '' });
    }
    if (authorization._ !== 'auth.authorization' || authorization.user._ !== 'user') throw new Error(`log-in answers ${authorization._}`);
    const user = authorization.user;
    await client.notifyLoggedIn(authorization);
    const device = new Device({ name: options.name, self: user.id, server, options: settings, client });
    if (user.accessHash) device.accessHashes.set(user.id, user.accessHash);
    await device.start();
    return { device, user };
  } catch (error) {
    await client.destroy();
    throw error;
  }
}
