import { checkDhValue } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { appendDeviceEvents } from '../device-log/index.ts';
import { checkNotBlocked, findRelations, pairKey } from '../relations/index.ts';
import { type DomainDeps, type UserKey, useQuota } from '../shared/index.ts';
import { eventOfChat } from './end-chats.ts';
import { projectSecretChat } from './project-secret-chat.ts';
import type { OrderSecretNotices } from './told-device.ts';
import { ChatState, countRequests, findSecretChat, holdDevices, insertSecretChat, lockPeople, type NewSide, type SecretChatRow } from './secret-chat-store.ts';

/** How long somebody with too many requests should wait, in seconds. */
const REQUESTS_WAIT_S = 3600;

/** A request for a secret chat. */
export interface SecretRequest {
  device: UserKey;
  peerId: bigint;
  /** Chosen by the client, which is asked for by this id from then on. */
  chatId: number;
  gA: Uint8Array;
}

/**
 * The value of a key exchange, with leading zeros.
 * @throws RpcError DH_G_A_INVALID if it is not in the range that both sides must demand
 */
export function checkedDhValue(value: Uint8Array): Uint8Array {
  const checked = checkDhValue(value);
  if (checked === undefined) throw rpcError('DH_G_A_INVALID');
  return checked;
}

/** What asking for a chat needs. */
interface RequestDeps extends Pick<DomainDeps, 'bus' | 'clock' | 'random'> {
  orderNotices: OrderSecretNotices;
}

/**
 * Stores a request and tells all devices of the other, those that are away among them. A repeated request is recognised by its id and what it says.
 * @param hasLimits whether quotas hold for the user
 * @throws RpcError as `SecretChats.doRequest`
 */
export async function requestIn(tx: Tx, { bus, clock, random, orderNotices }: RequestDeps, request: SecretRequest, hasLimits: boolean): Promise<tl.EncryptedChat> {
  const { device, peerId, chatId, gA } = request;
  const { userId, authKeyId } = device;
  const date = clock.now();
  const pair = pairKey(userId, peerId);
  const [people, devices, known, relations] = await Promise.all([lockPeople(tx, [userId, peerId]), holdDevices(tx, [userId, peerId]), findSecretChat(tx, userId, chatId), findRelations(tx, [pair])]);
  // The device may have been logged out since the call began, and only a device of its own can have a chat.
  if (!devices.some((one) => one.user_id === userId && one.auth_key_id === authKeyId)) throw rpcError('AUTH_KEY_UNREGISTERED');
  if (known !== undefined) return answerAgain(known, request);
  if (people.get(peerId) !== false) throw rpcError('INPUT_USER_DEACTIVATED');
  checkNotBlocked(relations.get(pair));
  if (hasLimits) await checkQuotas(tx, userId, peerId, date);
  const side = { chat_id: chatId, g_a: gA, date };
  const own: NewSide = { ...side, owner_id: userId, auth_key_id: authKeyId, peer_id: peerId, peer_auth_key_id: 0n, is_requester: true, access_hash: random.int64() };
  const peer: NewSide = { ...side, owner_id: peerId, auth_key_id: 0n, peer_id: userId, peer_auth_key_id: authKeyId, is_requester: false, access_hash: random.int64() };
  if (!(await insertSecretChat(tx, [own, peer]))) throw rpcError('RANDOM_ID_DUPLICATE');
  const seen = projectSecretChat(rowOf(peer));
  const told = devices.filter((one) => one.user_id === peerId && !one.is_closed);
  await appendDeviceEvents(tx, bus, told.map((one) => eventOfChat({ owner: peerId, authKeyId: one.auth_key_id }, chatId, date, seen)));
  await orderNotices(tx, told.map((one) => ({ owner: peerId, authKeyId: one.auth_key_id, peerId: userId, what: 'request', number: chatId, date })));
  return projectSecretChat(rowOf(own));
}

async function checkQuotas(tx: Tx, userId: bigint, peerId: bigint, date: number): Promise<void> {
  const { most, periodS } = useQuota('secretRequests');
  const requests = await countRequests(tx, userId, peerId, date - periodS);
  const isOver = requests.unaccepted >= most || requests.with_peer >= most || requests.open_of_peer >= useQuota('openSecretRequests').most;
  if (isOver) throw rpcError('FLOOD_WAIT_%d', REQUESTS_WAIT_S);
}

/** The answer to a request that was made before. Its device learns of an acceptance by an update, so the answer stays what it was. */
function answerAgain(known: SecretChatRow, { device, peerId, gA }: SecretRequest): tl.EncryptedChat {
  const isSame = known.is_requester && known.peer_id === peerId && known.auth_key_id === device.authKeyId && Buffer.compare(known.g_a, gA) === 0;
  if (!isSame) throw rpcError('RANDOM_ID_DUPLICATE');
  return projectSecretChat(known.state === ChatState.accepted ? { ...known, state: ChatState.requested } : known);
}

function rowOf(side: NewSide): SecretChatRow {
  return { ...side, state: ChatState.requested, g_b: null, fingerprint: null, read_date: 0, ended_date: null, ended_by_owner: false };
}
