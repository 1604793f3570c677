import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { appendDeviceEvents, countQueuedInChat, DeviceEventKind, lockDeviceLogs, type LockedLog } from '../device-log/index.ts';
import { checkNotBlocked, findRelations, pairKey } from '../relations/index.ts';
import type { SecretFile, SecretFiles } from '../secret-files/index.ts';
import { type DomainDeps, useQuota } from '../shared/index.ts';
import type { OrderSecretNotices } from './told-device.ts';
import { ChatState, findSecretSend, holdSides, insertSecretSend, type SecretChatRow, type SecretSend } from './secret-chat-store.ts';

/** Longest content of a message in bytes, encrypted. */
export const DATA_MAX_BYTES = 64 * 1024;
/** Most bytes that wait for one device in one chat. */
const CHAT_BYTES_MAX = 16 * 1024 * 1024;
/** The same in all its chats. */
const DEVICE_BYTES_MAX = 64 * 1024 * 1024;
/** How long a sender should wait whose peer's device is away, in seconds. */
const QUEUED_WAIT_S = 60;

/** A message, as its sender has encrypted it. */
export interface SecretMessage {
  randomId: bigint;
  data: Uint8Array;
  /** It changes something about the chat, and is no message of its own. */
  isService?: boolean;
}

/** What sending needs. */
export interface SendDeps extends Pick<DomainDeps, 'bus' | 'clock'> {
  orderNotices: OrderSecretNotices;
  files: Pick<SecretFiles, 'project'>;
}

/**
 * Sends a message in a transaction: into the log of the peer's device, unless it was sent before. Whether the chat goes on, and whether one has blocked the other, is read under its
 * lock.
 * @throws RpcError ENCRYPTION_DECLINED, CHAT_ID_INVALID, USER_IS_BLOCKED, YOU_BLOCKED_USER, FLOOD_WAIT_%d (too much waits for the device)
 */
export async function sendIn(tx: Tx, deps: SendDeps, chat: SecretChatRow, message: SecretMessage & { file?: SecretFile | undefined }): Promise<SecretSend> {
  const date = deps.clock.now();
  const { randomId, file } = message;
  const device = { owner: chat.peer_id, authKeyId: chat.peer_auth_key_id };
  const pair = pairKey(chat.owner_id, chat.peer_id);
  // In this order: the chat is locked before the log of the device.
  const [sides, relations, isNew, [log]] = await Promise.all([
    holdSides(tx, chat),
    findRelations(tx, [pair]),
    insertSecretSend(tx, chat, randomId, { date, file_id: file?.id ?? null }),
    lockDeviceLogs(tx, [device]),
  ]);
  if (!isNew) return (await findSecretSend(tx, chat, randomId))!;
  // That of a deleted account is gone.
  if (sides === undefined) throw rpcError(chat.state === ChatState.ended ? 'ENCRYPTION_DECLINED' : 'CHAT_ID_INVALID');
  if (sides.own.state !== ChatState.accepted || log === undefined) throw rpcError('ENCRYPTION_DECLINED');
  checkNotBlocked(relations.get(pair));
  await checkRoom(tx, log, chat.chat_id, message.data.length);
  const make = (qts: number): tl.Update => ({ _: 'updateNewEncryptedMessage', message: projectMessage(deps, sides.peer, message, date), qts });
  const [{ qts }] = (await appendDeviceEvents(tx, deps.bus, [{ ...device, kind: DeviceEventKind.message, chatId: chat.chat_id, date, randomId, ...(file && { fileId: file.id }), make }], [log])) as [LockedLog];
  if (message.isService !== true) await deps.orderNotices(tx, [{ ...device, peerId: chat.owner_id, what: 'message', number: qts, date }]);
  return { date, file_id: file?.id ?? null };
}

/** Refuses what would be too much for a device that does not fetch it, so that one peer does not use up another's room. */
async function checkRoom(tx: Tx, log: LockedLog, chatId: number, bytes: number): Promise<void> {
  const [inChat, inAll] = [useQuota('queuedSecretMessages').most, useQuota('queuedForDevice').most];
  // Nothing has to be counted for a chat while all chats together are below its limit.
  if (log.messageCount < inChat && log.messageBytes + bytes <= CHAT_BYTES_MAX) return;
  const queued = await countQueuedInChat(tx, log, chatId);
  const isOver = log.messageCount >= inAll || log.messageBytes + bytes > DEVICE_BYTES_MAX || queued.count >= inChat || queued.bytes + bytes > CHAT_BYTES_MAX;
  if (isOver) throw rpcError('FLOOD_WAIT_%d', QUEUED_WAIT_S);
}

/** The message as the device of the other side gets it. */
function projectMessage({ files }: SendDeps, receiver: SecretChatRow, { randomId, data, isService, file }: SecretMessage & { file?: SecretFile | undefined }, date: number): tl.EncryptedMessage {
  const known = { random_id: randomId, chat_id: receiver.chat_id, date, bytes: data };
  if (isService === true) return { _: 'encryptedMessageService', ...known };
  return { _: 'encryptedMessage', ...known, file: file === undefined ? { _: 'encryptedFileEmpty' } : files.project(receiver.owner_id, file) };
}
