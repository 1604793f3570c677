import type { BaseTelegramClient } from '@mtcute/core/client.js';
import type { RawUpdateInfo, tl } from '@mtcute/core';
import type { ConnectionState, PeerId } from '../protocol/index.ts';
import { createClient } from './connect.ts';
import { isStranger } from './is-stranger.ts';
import { channelPeer, isChannel, peerIdOf } from './models/ids.ts';
import { distrustPolls } from './models/poll.ts';
import type { ReduceContext } from './reduce/index.ts';
import { storePeers } from './reduce/peers.ts';
import { Refused, refusalOf } from './refusal.ts';
import { loadServerFacts } from './server.ts';
import { Database } from './store/database.ts';
import { createMtcuteStorage } from './store/mtcute-storage.ts';
import { Store } from './store/store.ts';
import { TypingList } from './store/typing-list.ts';

/** What only a logged-in account needs, as far as the account itself calls it. */
export interface UpdateTaker {
  /** Takes over an update of the server. */
  takeUpdate(update: RawUpdateInfo): void;
  /** Goes on with what was left from before, and loads the first chats. */
  begin(): void;
}

export interface AccountOptions {
  origin: string;
  build: string;
  language: string;
  /** Called at each change that views may show. */
  onChange(): void;
  /** Called when a logged-in account can be served. */
  onServe(): void;
  /** Loads what only a logged-in account needs. */
  loadServing(): Promise<UpdateTaker>;
  /** Called when the account is logged out, here or elsewhere, and its data are gone. */
  onEnd(): void;
}

type Refresh = Pick<ReduceContext, 'refreshChats' | 'refreshTopics' | 'refreshPeers' | 'refreshContacts' | 'refreshFolders' | 'recount'>;

/** Errors after which the key of this browser is worth nothing. */
const ENDED = new Set(['AUTH_KEY_UNREGISTERED', 'SESSION_REVOKED', 'SESSION_EXPIRED', 'USER_DEACTIVATED', 'USER_DEACTIVATED_BAN', 'AUTH_KEY_INVALID']);

/** How long a log-out waits for the server, in milliseconds. */
const LOG_OUT_MS = 3000;

/** The account of this browser: its connection, its store, and the way from updates into the store. */
export class Account {
  readonly store: Store;
  readonly typing: TypingList;
  readonly database: Database;
  #client: BaseTelegramClient | undefined;
  #isOpen = false;
  #open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));
  readonly #options: AccountOptions;
  #isEnded = false;
  #wasConnected = false;
  /** When the connection was made that there is, in milliseconds since 1970: what was told before may be out of date. */
  connectedAt = 0;
  /** Set by the parts that load what updates say too little about. */
  refresh: Refresh = { refreshChats() {}, refreshTopics() {}, refreshPeers() {}, refreshContacts() {}, refreshFolders() {}, recount() {} };
  #settleFirstChats: () => void = () => undefined;
  /** Resolves when the first page of chats is there, or could not be loaded. */
  readonly firstChats = new Promise<void>((resolve) => (this.#settleFirstChats = resolve));

  private constructor(options: AccountOptions, database: Database) {
    this.#options = options;
    this.database = database;
    this.store = new Store(database, { stage: 'starting', connection: 'connecting', isTestMode: false }, options.onChange);
    this.typing = new TypingList((peer) => this.store.noteTyping(peer));
  }

  /** Opens the database, so that what was known before can be shown without the server. */
  static async open(options: AccountOptions): Promise<Account> {
    const account = new Account(options, await Database.open());
    const me = await account.database.get<PeerId>('session', 'me');
    if (me !== undefined) {
      account.store.setSession({ me, stage: 'ready' });
      await account.store.load();
    }
    return account;
  }

  /** Connects. Does not wait for the server if the account is logged in. */
  async start(): Promise<void> {
    const facts = await loadServerFacts(this.#options.origin);
    this.store.setSession({ isTestMode: facts.test_mode, company: facts.enter });
    const client = await createClient({
      ...this.#options,
      facts,
      storage: createMtcuteStorage(this.database),
      onChannelTooLong: (channelId, difference) => this.#forgetChannel(channelId, difference),
      onRefusal: (error) => this.#checkEnd(error),
    });
    this.#client = client;
    client.onConnectionState.add((state) => this.#noteConnection(state));
    client.onError.add((error) => this.#checkEnd(error));
    await client.connect();
    if (this.store.session.me === undefined) this.store.setSession({ stage: 'logIn', logIn: { step: 'phone' } });
    else await this.#serve();
    this.#isOpen = true;
    this.#open();
  }

  /**
   * After an interruption, updates may be missing, and the server may have been upgraded. The client of mtcute does not catch up by itself: it never
   * notes which session the server has created, so it takes each new one for its first.
   */
  #noteConnection(state: ConnectionState | 'offline'): void {
    const wasLost = this.#wasConnected && this.store.session.connection === 'connecting';
    this.store.setSession({ connection: state === 'offline' ? 'connecting' : state });
    if (state === 'connecting' || state === 'offline') return;
    if (wasLost || !this.#wasConnected) this.connectedAt = Date.now();
    this.#wasConnected = true;
    if (!wasLost) return;
    if (this.store.session.me !== undefined) this.#catchUp();
    void this.#checkBuild().catch(() => undefined);
  }

  /** Asks for what happened since the last update that was taken over, in the box and in each channel. */
  #catchUp(): void {
    this.#client?.updates?.catchUp();
  }

  async #checkBuild(): Promise<void> {
    const { build } = await loadServerFacts(this.#options.origin);
    if (build !== '' && build !== this.#options.build) this.store.setSession({ isOutdated: true });
  }

  /** What reducers may use. */
  get context(): ReduceContext {
    return { store: this.store, typing: this.typing, self: this.me, now: () => Math.floor(Date.now() / 1000), ...this.refresh };
  }

  /** The id of the account. @throws Error before log-in */
  get me(): PeerId {
    const { me } = this.store.session;
    if (me === undefined) throw new Error('nobody is logged in');
    return me;
  }

  get client(): BaseTelegramClient {
    if (!this.#client) throw new Error('there is no connection yet');
    return this.#client;
  }

  /**
   * The client, as soon as it may be asked. A page that was loaded anew asks before there is one, and before updates are received: what happened between an
   * answer and the first update would be missed.
   */
  async waitForClient(): Promise<BaseTelegramClient> {
    if (!this.#isOpen) await this.#opened;
    return this.client;
  }

  /**
   * Asks the server, as soon as there is a connection, and takes over the people, groups and channels that the answer names.
   * @param floodSleepThreshold waits that are longer are told by an error, in milliseconds; shorter ones are waited for
   */
  async call<Request extends tl.RpcMethod>(request: Request, floodSleepThreshold?: number): Promise<tl.RpcCallReturn[Request['_']]> {
    const client = await this.waitForClient();
    const { toldVotes } = this.store;
    const asked = toldVotes.count;
    const answer = (await client.call<tl.RpcMethod>(request, { floodSleepThreshold })) as tl.RpcCallReturn[Request['_']];
    // The answer may be older than what was told while it was on its way.
    if (toldVotes.count > asked) distrustPolls(answer, toldVotes.since(asked));
    this.takePeers(answer);
    return answer;
  }

  /** Asks the server for something that changes the account. The change arrives like one that another device made. */
  async change<Request extends tl.RpcMethod>(request: Request): Promise<tl.RpcCallReturn[Request['_']]> {
    const answer = await this.call(request).catch((error: unknown) => {
      // Perhaps this was a repeat: the first try was executed, but its answer was lost with the connection. The update was only in that answer.
      if (refusalOf(error).code.endsWith('_NOT_MODIFIED')) this.#catchUp();
      throw error;
    });
    const updates = updatesOf(answer);
    if (updates) this.take(updates);
    return answer;
  }

  /** Takes over what the account itself has changed. */
  take(updates: tl.TypeUpdates): void {
    this.client.handleClientUpdate(withoutUnknownOrder(updates, this.store), false);
  }

  /** Notes events of the account's own calls, whose answers have only their number. @see https://core.telegram.org/api/updates */
  stepBox(pts: number, ptsCount: number): void {
    this.apply({ _: 'updateDeleteMessages', messages: [], pts, ptsCount });
  }

  /** See `stepBox`. */
  stepChannel(channelId: number, pts: number, ptsCount: number): void {
    this.apply({ _: 'updateDeleteChannelMessages', channelId, messages: [], pts, ptsCount });
  }

  /** Notes what the account itself has changed by a call whose answer does not say it; the server tells only its other devices. */
  apply(update: tl.TypeUpdate): void {
    this.take({ _: 'updates', updates: [update], users: [], chats: [], date: 0, seq: 0 });
  }

  takePeers(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return;
    const { users, chats } = answer as { users?: unknown; chats?: unknown };
    storePeers(this.store, (Array.isArray(users) ? users : []) as tl.TypeUser[], (Array.isArray(chats) ? chats : []) as tl.TypeChat[]);
  }

  /** Lets those go on who wait for the first page of chats. */
  settleFirstChats(): void {
    this.#settleFirstChats();
  }

  /** Names a peer for the server. After the cache was dropped this waits for the first chats. @throws Refused if the peer was never seen */
  async inputPeer(peer: PeerId): Promise<tl.TypeInputPeer> {
    if (peer === this.store.session.me) return { _: 'inputPeerSelf' };
    const found = await this.client.storage.peers.getById(peer);
    if (found) return found;
    await this.firstChats;
    const later = await this.client.storage.peers.getById(peer);
    if (!later) throw new Refused({ code: 'PEER_ID_INVALID' });
    return later;
  }

  /** Names a person for the server. @throws Refused if the peer is none, or was never seen */
  async inputUser(peer: PeerId): Promise<tl.TypeInputUser> {
    const input = await this.inputPeer(peer);
    switch (input._) {
      case 'inputPeerUser':
        return { _: 'inputUser', userId: input.userId, accessHash: input.accessHash };
      case 'inputPeerUserFromMessage':
        return { _: 'inputUserFromMessage', peer: input.peer, msgId: input.msgId, userId: input.userId };
      case 'inputPeerSelf':
        return { _: 'inputUserSelf' };
      default:
        throw new Refused({ code: 'USER_ID_INVALID' });
    }
  }

  /** Names a supergroup or channel for the server. @throws Refused if the peer is none, or was never seen */
  async inputChannel(peer: PeerId): Promise<tl.RawInputChannel> {
    const input = await this.inputPeer(peer);
    if (input._ !== 'inputPeerChannel') throw new Refused({ code: 'CHANNEL_INVALID' });
    return { _: 'inputChannel', channelId: input.channelId, accessHash: input.accessHash };
  }

  /** Takes over a log-in that just succeeded. */
  async logIn(authorization: tl.auth.RawAuthorization): Promise<void> {
    if (authorization.user._ !== 'user') throw new Error('the server logged in nobody');
    const me = authorization.user.id;
    this.store.setSession({ me });
    this.database.put('session', 'me', me);
    this.takePeers({ users: [authorization.user] });
    const serving = await this.#loadServing();
    await this.#noteBox();
    await this.client.notifyLoggedIn(authorization);
    this.store.setSession({ stage: 'ready', logIn: undefined });
    await this.database.flush();
    serving.begin();
    this.#options.onServe();
  }

  async #serve(): Promise<void> {
    const serving = await this.#loadServing();
    await this.#noteBox();
    await this.client.startUpdatesLoop();
    serving.begin();
    this.#options.onServe();
  }

  /**
   * Notes from where on updates are asked for, unless that is known from before. Before pages ask for anything: mtcute asks for it while other calls are on their way, and
   * what happened after such a call was answered, but before this one, would never be told.
   */
  async #noteBox(): Promise<void> {
    const { updates } = this.client;
    if (!updates || updates.pts !== undefined) return;
    const { pts, qts, date, seq } = await this.client.call({ _: 'updates.getState' });
    Object.assign(updates, { pts, qts, date, seq });
  }

  /** Updates must find their reducers. */
  async #loadServing(): Promise<UpdateTaker> {
    const serving = await this.#options.loadServing();
    this.client.onRawUpdate.add((update) => serving.takeUpdate(update));
    return serving;
  }

  /** Logs out, and forgets everything. */
  async logOut(): Promise<void> {
    const told = this.call({ _: 'auth.logOut' }).catch(() => undefined);
    // Without the server, the data of this browser go all the same.
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, LOG_OUT_MS))]);
    await this.#end();
  }

  #checkEnd(error: unknown): void {
    if (ENDED.has(refusalOf(error).code) && this.store.session.me !== undefined) void this.#end();
  }

  async #end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    // Pages come back to log in, whatever became of database and connection.
    await this.database.end().catch(() => undefined);
    void this.#client?.destroy().catch(() => undefined);
    this.#options.onEnd();
  }

  /** A channel changed more than can be caught up event by event: what was known of its messages is worth nothing. */
  #forgetChannel(channelId: number, difference: tl.updates.RawChannelDifferenceTooLong): void {
    const peer = channelPeer(channelId);
    this.takePeers(difference);
    this.store.voidRanges(peer);
    this.refresh.refreshChats([peer]);
  }
}

/** The updates that an answer is, or has. */
function updatesOf(answer: unknown): tl.TypeUpdates | undefined {
  if (isUpdates(answer)) return answer;
  const inside: unknown = typeof answer === 'object' && answer !== null && 'updates' in answer ? answer.updates : undefined;
  return isUpdates(inside) ? inside : undefined;
}

/**
 * The server sends no updates of a group to those who are not in it, as somebody who comments a post without joining. What they change there themselves
 * follows nothing that was known: it must not look like a gap.
 */
function withoutUnknownOrder(updates: tl.TypeUpdates, store: Store): tl.TypeUpdates {
  if (updates._ !== 'updates' && updates._ !== 'updatesCombined') return updates;
  const isUnknown = (update: tl.TypeUpdate): boolean => {
    const peer = 'channelId' in update ? channelPeer(update.channelId) : 'message' in update && typeof update.message === 'object' && 'peerId' in update.message && update.message.peerId ? peerIdOf(update.message.peerId) : undefined;
    return peer !== undefined && isChannel(peer) && isStranger(store, peer);
  };
  return { ...updates, updates: updates.updates.map((update) => ('pts' in update && 'ptsCount' in update && isUnknown(update) ? { ...update, pts: 0, ptsCount: 0 } : update)) };
}

function isUpdates(answer: unknown): answer is tl.TypeUpdates {
  return typeof answer === 'object' && answer !== null && '_' in answer && typeof answer._ === 'string' && answer._.startsWith('updates') && !answer._.includes('.');
}
