import { rpcError } from '@aerogram/errors';
import { defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedUser } from '../access/index.ts';
import { appendDeviceEvents, DeviceEventKind, type DeviceLogs, dropChatEvents } from '../device-log/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import type { Reports, SendLimits } from '../moderation/index.ts';
import { REPLIES_CHAT_ID, type UserRow } from '../peers/index.ts';
import { checkNotBlocked, findRelations, pairKey } from '../relations/index.ts';
import { markSecretFileSent, type SecretFile, type SecretFiles, type UploadedSecretFile } from '../secret-files/index.ts';
import { groupBy, type UserKey } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { endUnanswered, eventOfChat, eventsOfEnd } from './end-chats.ts';
import { projectSecretChat } from './project-secret-chat.ts';
import { checkedDhValue, requestIn, type SecretRequest } from './request-secret.ts';
import {
  ChatState, findSecretChat, findSecretSend, holdDevices, type KnownDevice, listDevices, listUnansweredRequests, lockSides, saveAcceptance, saveEnds, saveReadDate, type SecretChatRow, type SecretSend, type Sides, sweepSecretChats, sweepSecretSends,
} from './secret-chat-store.ts';
import type { OrderSecretNotices } from './told-device.ts';
import { DATA_MAX_BYTES, type SecretMessage, sendIn } from './send-secret.ts';

const DAY_S = 86_400;
const HOUR_MS = 3_600_000;
/** How long a repeated send is recognised. */
const SENDS_KEPT_S = 2 * DAY_S;
/** How long a request waits for an answer. */
const UNANSWERED_KEPT_S = 60 * DAY_S;
/** How long it is known that a chat has ended. */
const ENDED_KEPT_S = 30 * DAY_S;
/** Rows that one transaction deletes. */
const SLICE = 1000;

/** How a client names a chat. */
type ChatInput = tl.inputEncryptedChat;
/** How a client names a file of a chat. */
type FileInput = tl.inputEncryptedFile | UploadedSecretFile;

/** What `sendEncryptedFile` and its kin answer. */
interface SentFile {
  date: number;
  file: tl.encryptedFile;
}

/** Secret chats of two devices. The server carries what they encrypt, and knows who, when and how much. */
export interface SecretChats {
  /**
   * Asks somebody for a chat, on all their devices.
   * @throws RpcError DH_G_A_INVALID, USER_ID_INVALID (oneself, bots, service accounts), INPUT_USER_DEACTIVATED, RANDOM_ID_EMPTY, RANDOM_ID_DUPLICATE, USER_IS_BLOCKED, YOU_BLOCKED_USER, FLOOD_WAIT_%d, and as
   * `SendLimits.check`
   */
  doRequest(device: UserKey, user: UserRow, chatId: number, gA: Uint8Array): Promise<tl.EncryptedChat>;
  /**
   * Accepts a chat on one device: the first one wins, and the others learn that the chat has ended for them.
   * @throws RpcError CHAT_ID_INVALID, DH_G_A_INVALID, ENCRYPTION_ALREADY_ACCEPTED, ENCRYPTION_ALREADY_DECLINED, USER_IS_BLOCKED, YOU_BLOCKED_USER
   */
  doAccept(device: UserKey, chat: ChatInput, gB: Uint8Array, fingerprint: bigint): Promise<tl.EncryptedChat>;
  /**
   * Ends or declines a chat, on both sides.
   * @throws RpcError CHAT_ID_EMPTY, ENCRYPTION_ID_INVALID, ENCRYPTION_ALREADY_ACCEPTED (by another device), ENCRYPTION_ALREADY_DECLINED
   */
  doDiscard(device: UserKey, chatId: number, deletesHistory: boolean): Promise<void>;
  /** Shows the peer's device that the user is typing. @throws RpcError CHAT_ID_INVALID, FLOOD_WAIT_%d */
  doShowTyping(device: UserKey, chat: ChatInput): Promise<void>;
  /** Tells the peer's device up to which date the user has read. @throws RpcError CHAT_ID_INVALID */
  doRead(device: UserKey, chat: ChatInput, maxDate: number): Promise<void>;
  /**
   * Sends a message to the peer's device.
   * @throws RpcError CHAT_ID_INVALID, DATA_INVALID, DATA_TOO_LONG, ENCRYPTION_DECLINED, USER_IS_BLOCKED, YOU_BLOCKED_USER, FLOOD_WAIT_%d
   */
  doSend(device: UserKey, chat: ChatInput, message: SecretMessage): Promise<{ date: number }>;
  /** Sends a message with a file. Throws as {@link SecretChats.doSend} and `SecretFiles.doStore`. */
  doSendFile(device: UserKey, chat: ChatInput, message: SecretMessage, input: tl.InputEncryptedFile): Promise<SentFile>;
  /** Makes a file of an upload without sending it. Throws as `SecretFiles.doStore`, and CHAT_ID_INVALID. */
  doUploadFile(device: UserKey, chat: ChatInput, input: tl.InputEncryptedFile): Promise<tl.EncryptedFile>;
  /** Reports the peer. Nothing of the chat is in the report, because the server cannot read it. @throws RpcError CHAT_ID_INVALID */
  doReport(device: UserKey, chat: ChatInput): Promise<void>;
  readonly jobKind: JobKind;
}

interface Parts {
  users: Pick<Users, 'findRow' | 'findRelation'>;
  sendLimits: SendLimits;
  reports: Pick<Reports, 'doReport'>;
  deviceLogs: Pick<DeviceLogs, 'show'>;
  files: SecretFiles;
}

interface Deps extends Pick<SubjectDeps, 'db' | 'bus' | 'clock' | 'random' | 'homes'> {
  /** See `SECRET_NOTICES`. */
  orderNotices: OrderSecretNotices;
}

/** Creates the operations on secret chats. */
export function createSecretChats(deps: Deps, parts: Parts): SecretChats {
  return new Chats(deps, parts);
}

class Chats implements SecretChats {
  readonly #deps: Deps;
  readonly #parts: Parts;
  readonly jobKind: JobKind;

  constructor(deps: Deps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
    this.jobKind = defineRecurringJob({ kind: 'sweep-secret-chats', everyMs: HOUR_MS, clockNeed: 'proven', run: ({ signal }) => this.#sweep(signal) });
  }

  async doRequest(device: UserKey, user: UserRow, chatId: number, gA: Uint8Array): Promise<tl.EncryptedChat> {
    const checked = checkedDhValue(gA);
    if (chatId === 0) throw rpcError('RANDOM_ID_EMPTY');
    const peer = resolvedUser(device.userId, user);
    if (peer.isSelf || user.bot || user.support || user.user_id === REPLIES_CHAT_ID || this.#deps.homes?.dcOf(user.user_id) !== undefined) throw rpcError('USER_ID_INVALID');
    if (user.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    const request: SecretRequest = { device, peerId: user.user_id, chatId, gA: checked };
    // A request reaches people as a first message does.
    if ((await findSecretChat(this.#deps.db, device.userId, chatId)) === undefined) await this.#parts.sendLimits.check(device.userId, peer, 1);
    const hasLimits = await this.#parts.sendLimits.hasLimits(device.userId);
    return this.#deps.db.transact('request-secret-chat', (tx) => requestIn(tx, this.#deps, request, hasLimits));
  }

  async doAccept(device: UserKey, input: ChatInput, gB: Uint8Array, fingerprint: bigint): Promise<tl.EncryptedChat> {
    const checked = checkedDhValue(gB);
    const known = await this.#findSide(device.userId, input);
    if (known.is_requester) throw rpcError('CHAT_ID_INVALID');
    return this.#deps.db.transact('accept-secret-chat', async (tx) => {
      const devices = await holdDevices(tx, [device.userId]);
      if (!devices.some((one) => one.auth_key_id === device.authKeyId)) throw rpcError('AUTH_KEY_UNREGISTERED');
      const sides = await lockSides(tx, known);
      if (sides === undefined) throw rpcError('CHAT_ID_INVALID');
      const { own } = sides;
      if (own.state === ChatState.ended) throw rpcError('ENCRYPTION_ALREADY_DECLINED');
      const pair = pairKey(own.owner_id, own.peer_id);
      if (own.state === ChatState.requested) checkNotBlocked((await findRelations(tx, [pair])).get(pair));
      if (await saveAcceptance(tx, sides, { authKeyId: device.authKeyId, gB: checked, fingerprint })) {
        const accepted = { g_b: checked, fingerprint, state: ChatState.accepted };
        await this.#tellAccepted(tx, { own: { ...own, ...accepted, auth_key_id: device.authKeyId }, peer: { ...sides.peer, ...accepted, peer_auth_key_id: device.authKeyId } }, devices);
        return projectSecretChat({ ...own, ...accepted });
      }
      const isRepeat = own.auth_key_id === device.authKeyId && own.fingerprint === fingerprint && Buffer.compare(own.g_b!, checked) === 0;
      if (!isRepeat) throw rpcError('ENCRYPTION_ALREADY_ACCEPTED');
      return projectSecretChat(own);
    });
  }

  async doDiscard(device: UserKey, chatId: number, deletesHistory: boolean): Promise<void> {
    const { db, bus, clock } = this.#deps;
    if (chatId === 0) throw rpcError('CHAT_ID_EMPTY');
    const known = await findSecretChat(db, device.userId, chatId);
    if (known === undefined) throw rpcError('ENCRYPTION_ID_INVALID');
    if (isEndedBy(known, device)) return;
    await db.transact('discard-secret-chat', async (tx) => {
      const sides = await lockSides(tx, known);
      if (sides === undefined) throw rpcError('ENCRYPTION_ID_INVALID');
      const { own, peer } = sides;
      if (isEndedBy(own, device)) return;
      if (own.auth_key_id !== 0n && own.auth_key_id !== device.authKeyId) throw rpcError('ENCRYPTION_ALREADY_ACCEPTED');
      const devices = own.auth_key_id === 0n || peer.auth_key_id === 0n ? await listDevices(tx, [own.owner_id, peer.owner_id]) : [];
      const date = clock.now();
      await saveEnds(tx, [sides], date);
      await appendDeviceEvents(tx, bus, eventsOfEnd(sides, devices, { date, byAuthKeyId: device.authKeyId, deletesHistory }));
    });
  }

  async doShowTyping(device: UserKey, input: ChatInput): Promise<void> {
    const chat = await this.#access(device, input);
    if (chat.state !== ChatState.accepted) return;
    await this.#parts.sendLimits.checkTyping(chat.owner_id, chat.peer_id);
    if (await this.#isBlocked(chat)) return;
    this.#parts.deviceLogs.show({ owner: chat.peer_id, authKeyId: chat.peer_auth_key_id }, { _: 'updateEncryptedChatTyping', chat_id: chat.chat_id });
  }

  async doRead(device: UserKey, input: ChatInput, maxDate: number): Promise<void> {
    const { db, bus, clock } = this.#deps;
    const chat = await this.#access(device, input);
    const date = clock.now();
    const read = Math.min(maxDate, date);
    if (chat.state !== ChatState.accepted || read <= chat.read_date || (await this.#isBlocked(chat))) return;
    await db.transact('read-secret-chat', async (tx) => {
      const sides = await lockSides(tx, chat);
      if (sides?.own.state !== ChatState.accepted || !(await saveReadDate(tx, chat, read))) return;
      const make = (): tl.Update => ({ _: 'updateEncryptedMessagesRead', chat_id: chat.chat_id, max_date: read, date });
      await appendDeviceEvents(tx, bus, [{ owner: chat.peer_id, authKeyId: chat.peer_auth_key_id, kind: DeviceEventKind.read, chatId: chat.chat_id, date, make }]);
    });
  }

  async doSend(device: UserKey, input: ChatInput, message: SecretMessage): Promise<{ date: number }> {
    const { db } = this.#deps;
    checkData(message.data);
    const chat = await this.#accessToSend(device, input);
    return db.transact('send-secret-message', (tx) => sendIn(tx, this.#sendDeps(), chat, message));
  }

  async doSendFile(device: UserKey, input: ChatInput, message: SecretMessage, file: tl.InputEncryptedFile): Promise<SentFile> {
    const { db } = this.#deps;
    checkData(message.data);
    if (file._ === 'inputEncryptedFileEmpty') throw rpcError('FILE_EMTPY');
    const chat = await this.#access(device, input);
    // The upload of a repeated call is gone.
    const earlier = await findSecretSend(db, chat, message.randomId);
    if (earlier !== undefined) return this.#answerSent(chat, earlier);
    await this.#checkSend(chat);
    // Before the file is written. Under the lock of the chat it is looked at once more.
    if (chat.state === ChatState.ended) throw rpcError('ENCRYPTION_DECLINED');
    checkNotBlocked(await this.#parts.users.findRelation(chat.owner_id, chat.peer_id));
    return this.#answerSent(chat, await this.#sendWith(chat, message, file));
  }

  async doUploadFile(device: UserKey, input: ChatInput, file: tl.InputEncryptedFile): Promise<tl.EncryptedFile> {
    const chat = await this.#access(device, input);
    if (file._ === 'inputEncryptedFileEmpty') throw rpcError('FILE_EMTPY');
    if (file._ !== 'inputEncryptedFile') return this.#parts.files.project(chat.owner_id, await this.#parts.files.doStore(chat.owner_id, file, (_tx, stored) => Promise.resolve(stored)));
    return this.#parts.files.project(chat.owner_id, await this.#accessFile(chat, file));
  }

  async doReport(device: UserKey, input: ChatInput): Promise<void> {
    const chat = await this.#findSide(device.userId, input);
    // Any device may report a request that none has accepted.
    if (chat.auth_key_id !== 0n && chat.auth_key_id !== device.authKeyId) throw rpcError('CHAT_ID_INVALID');
    await this.#parts.reports.doReport({ ownerId: device.userId, peerId: chat.peer_id, messages: [], reason: 'spam', comment: 'Secret chat' });
  }

  /** Whether one of the two has blocked the other. */
  async #isBlocked(chat: SecretChatRow): Promise<boolean> {
    const { blocks, blockedBy } = await this.#parts.users.findRelation(chat.owner_id, chat.peer_id);
    return blocks || blockedBy;
  }

  #sendDeps() {
    const { bus, clock, orderNotices } = this.#deps;
    return { bus, clock, orderNotices, files: this.#parts.files };
  }

  /** Sends a message with a file that exists, or with one that is made of an upload in the same transaction. */
  async #sendWith(chat: SecretChatRow, message: SecretMessage, input: FileInput): Promise<SecretSend> {
    const send = async (tx: Tx, file: SecretFile): Promise<SecretSend> => {
      const marked = await markSecretFileSent(tx, file.id, this.#deps.clock.now());
      if (marked === undefined) throw rpcError('FILE_EMTPY');
      return sendIn(tx, this.#sendDeps(), chat, { ...message, file: marked });
    };
    if (input._ !== 'inputEncryptedFile') return this.#parts.files.doStore(chat.owner_id, input, send);
    const file = await this.#accessFile(chat, input);
    return this.#deps.db.transact('send-secret-file', (tx) => send(tx, file));
  }

  async #accessFile(chat: SecretChatRow, input: tl.inputEncryptedFile): Promise<SecretFile> {
    const file = await this.#parts.files.find(chat.owner_id, input);
    if (file === undefined) throw rpcError('FILE_EMTPY');
    return file;
  }

  async #answerSent(chat: SecretChatRow, { date, file_id: fileId }: SecretSend): Promise<SentFile> {
    // The random id was used for a message without a file, or the file was deleted since.
    const file = fileId === null ? undefined : await this.#parts.files.findById(fileId);
    if (file === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
    return { date, file: this.#parts.files.project(chat.owner_id, file) };
  }

  /** The side of a chat that a user names. @throws RpcError CHAT_ID_INVALID */
  async #findSide(userId: bigint, { chat_id: chatId, access_hash: hash }: ChatInput): Promise<SecretChatRow> {
    const chat = await findSecretChat(this.#deps.db, userId, chatId);
    if (chat === undefined || chat.access_hash !== hash) throw rpcError('CHAT_ID_INVALID');
    return chat;
  }

  /** The side of a chat that is on this device. @throws RpcError CHAT_ID_INVALID */
  async #access(device: UserKey, input: ChatInput): Promise<SecretChatRow> {
    const chat = await this.#findSide(device.userId, input);
    if (chat.auth_key_id !== device.authKeyId) throw rpcError('CHAT_ID_INVALID');
    return chat;
  }

  /** The same for a device that sends. Throws as {@link Chats.doSend}. */
  async #accessToSend(device: UserKey, input: ChatInput): Promise<SecretChatRow> {
    const chat = await this.#access(device, input);
    await this.#checkSend(chat);
    return chat;
  }

  async #checkSend(chat: SecretChatRow): Promise<void> {
    // A repeated call of an ended chat gets the first answer in the transaction.
    if (chat.state === ChatState.requested) throw rpcError('ENCRYPTION_DECLINED');
    const row = await this.#parts.users.findRow(chat.peer_id);
    if (row !== undefined) await this.#parts.sendLimits.checkChange(chat.owner_id, resolvedUser(chat.owner_id, row));
  }

  async #tellAccepted(tx: Tx, { own, peer }: Sides, devices: readonly KnownDevice[]): Promise<void> {
    const date = this.#deps.clock.now();
    const others = eventsOfEnd({ own: { ...own, auth_key_id: 0n }, peer }, devices, { date, byAuthKeyId: own.auth_key_id });
    const toRequester = eventOfChat({ owner: peer.owner_id, authKeyId: peer.auth_key_id }, peer.chat_id, date, projectSecretChat(peer));
    await appendDeviceEvents(tx, this.#deps.bus, [...others.filter((event) => event.owner === own.owner_id), toRequester]);
    await this.#deps.orderNotices(tx, [{ owner: peer.owner_id, authKeyId: peer.auth_key_id, peerId: own.owner_id, what: 'accepted', number: peer.chat_id, date }]);
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    const { db, bus, clock } = this.#deps;
    const requests = await listUnansweredRequests(db, clock.now() - UNANSWERED_KEPT_S, SLICE);
    for (const own of groupBy(requests, (row) => row.owner_id).values()) {
      signal.throwIfAborted();
      await db.transact('end-unanswered-secret-chats', (tx) => endUnanswered(tx, bus, own, clock.now()));
    }
    for (let gone = SLICE; gone === SLICE; ) {
      signal.throwIfAborted();
      gone = await db.transact('sweep-secret-sends', (tx) => sweepSecretSends(tx, clock.now() - SENDS_KEPT_S, SLICE));
    }
    for (let gone = SLICE; gone === SLICE; ) {
      signal.throwIfAborted();
      gone = await db.transact('sweep-secret-chats', async (tx) => {
        const rows = await sweepSecretChats(tx, { date: clock.now() - ENDED_KEPT_S, unacceptedDate: clock.now() - SENDS_KEPT_S }, SLICE);
        // What devices were told of a request that nobody accepted goes with it.
        for (const [ownerId, chats] of groupBy(rows.filter((row) => !row.is_accepted), (row) => row.owner_id)) await dropChatEvents(tx, ownerId, chats.map((row) => row.chat_id));
        return rows.length;
      });
    }
  }
}

/**
 * Whether a device has ended a chat before.
 * @throws RpcError ENCRYPTION_ALREADY_DECLINED if another device, or the other side, has
 */
function isEndedBy({ state, auth_key_id: authKeyId, ended_by_owner: isByOwner }: SecretChatRow, device: UserKey): boolean {
  if (state !== ChatState.ended) return false;
  if (!isByOwner || (authKeyId !== 0n && authKeyId !== device.authKeyId)) throw rpcError('ENCRYPTION_ALREADY_DECLINED');
  return true;
}

/** @throws RpcError DATA_INVALID, DATA_TOO_LONG */
function checkData(data: Uint8Array): void {
  if (data.length === 0) throw rpcError('DATA_INVALID');
  if (data.length > DATA_MAX_BYTES) throw rpcError('DATA_TOO_LONG');
}

function resolvedUser(viewerId: bigint, row: UserRow): ResolvedUser {
  return { kind: 'user', userId: row.user_id, peerId: row.user_id, isSelf: row.user_id === viewerId, row };
}
