import type { Bus } from '@aerogram/bus';
import type { Tx } from '@aerogram/storage';

import { appendDeviceEvents, DeviceEventKind, endDeviceLogs, type NewDeviceEvent, orderTelling } from '../device-log/index.ts';
import { discardedChat } from './project-secret-chat.ts';
import { ChatState, type KnownDevice, listChatsToEnd, listDevices, lockManySides, saveEnds, type SecretChatRow, type Sides } from './secret-chat-store.ts';

/** How a chat ends. */
export interface End {
  date: number;
  /** The device that ends it, which learns it from the answer to its call. */
  byAuthKeyId: bigint;
  deletesHistory?: boolean;
}

/** The events that tell of the end of a chat: the device of each side, or all devices of somebody of whom none has accepted yet. Pure. */
export function eventsOfEnd({ own, peer }: Sides, devices: readonly KnownDevice[], { date, byAuthKeyId, deletesHistory = false }: End): NewDeviceEvent[] {
  const chatId = own.chat_id;
  const keysOf = (side: SecretChatRow): bigint[] =>
    side.auth_key_id === 0n ? devices.filter((device) => device.user_id === side.owner_id && !device.is_closed && device.created_date <= side.date).map((device) => device.auth_key_id) : [side.auth_key_id];
  return [own, peer].flatMap((side) =>
    keysOf(side)
      .filter((authKeyId) => authKeyId !== byAuthKeyId)
      .map((authKeyId) => eventOfChat({ owner: side.owner_id, authKeyId }, chatId, date, discardedChat(chatId, deletesHistory))),
  );
}

/** The event that tells a device what has become of a chat. Pure. */
export function eventOfChat(device: { owner: bigint; authKeyId: bigint }, chatId: number, date: number, chat: NewDeviceChat): NewDeviceEvent {
  return { ...device, kind: DeviceEventKind.chat, chatId, date, make: () => ({ _: 'updateEncryption', chat, date }) };
}

type NewDeviceChat = Extract<ReturnType<NewDeviceEvent['make']>, { _: 'updateEncryption' }>['chat'];

/**
 * Ends the secret chats of devices that are logged out, in the transaction that logs them out, tells the other side of each, and deletes what waited for these devices. What nobody
 * has accepted yet ends with the last device.
 */
export async function endSecretChats(tx: Tx, userId: bigint, authKeyIds: readonly bigint[], nowDate: number): Promise<void> {
  const chats = await listChatsToEnd(tx, userId, authKeyIds);
  const ending = chats.length === 0 ? [] : (await lockManySides(tx, userId, chats)).filter(({ own }) => own.state !== ChatState.ended);
  // After the locks, so that no message comes in between.
  await endDeviceLogs(tx, userId, authKeyIds);
  if (ending.length === 0) return;
  const asked = ending.flatMap(({ peer }) => (peer.auth_key_id === 0n ? [peer.owner_id] : []));
  const devices = asked.length === 0 ? [] : await listDevices(tx, asked);
  await saveEnds(tx, ending, nowDate);
  const ended = new Set(authKeyIds);
  const events = ending.flatMap((sides) => eventsOfEnd(sides, devices, { date: nowDate, byAuthKeyId: sides.own.auth_key_id })).filter(({ owner, authKeyId }) => owner !== userId || !ended.has(authKeyId));
  await orderTelling(tx, await appendDeviceEvents(tx, undefined, events));
}

/** Ends requests of a user that nobody has answered, and tells the devices of both sides. */
export async function endUnanswered(tx: Tx, bus: Bus, requests: readonly SecretChatRow[], nowDate: number): Promise<void> {
  const ending = (await lockManySides(tx, requests[0]!.owner_id, requests)).filter(({ own }) => own.state === ChatState.requested);
  if (ending.length === 0) return;
  const devices = await listDevices(tx, ending.map(({ peer }) => peer.owner_id));
  await saveEnds(tx, ending, nowDate);
  await appendDeviceEvents(tx, bus, ending.flatMap((sides) => eventsOfEnd(sides, devices, { date: nowDate, byAuthKeyId: 0n })));
}
