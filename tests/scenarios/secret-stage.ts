import { randomBytes } from 'node:crypto';
import type { Actor, Device } from '@aerogram/dev-env';
import type { Long, tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';

/** A number that a device may show in a key exchange: it is in the range that both sides demand. */
export function dhValue(): Uint8Array {
  const value = randomBytes(256);
  value[0] = 0x5a;
  return value;
}

/** An id for a chat, as clients choose it. */
export const newChatId = (): number => 1 + (randomBytes(4).readUInt32LE() >>> 1);

/** One side of a chat as its device knows it. */
export interface Side {
  device: Device;
  input: tl.RawInputEncryptedChat;
}

/** A chat that both devices have. */
export interface SecretChat {
  id: number;
  from: Side;
  to: Side;
}

const inputOf = (chat: tl.RawEncryptedChat | tl.RawEncryptedChatWaiting | tl.RawEncryptedChatRequested): tl.RawInputEncryptedChat => ({ _: 'inputEncryptedChat', chatId: chat.id, accessHash: chat.accessHash });

/** Asks somebody for a chat. */
export function request(device: Device, to: Actor, { id = newChatId(), gA = dhValue() } = {}): Promise<tl.TypeEncryptedChat> {
  return device.call({ _: 'messages.requestEncryption', userId: device.inputUser(to.id), randomId: id, gA });
}

/** What a device was last told of a chat; undefined if nothing. */
export function toldOf(device: Device, id: number): tl.TypeEncryptedChat | undefined {
  return device.events.findLast((event): event is tl.RawUpdateEncryption => event._ === 'updateEncryption' && event.chat.id === id)?.chat;
}

/** Waits until a device was told that a chat is in a state. */
export async function seesChat<K extends tl.TypeEncryptedChat['_']>(device: Device, id: number, state: K): Promise<Extract<tl.TypeEncryptedChat, { _: K }>> {
  await device.waitUntil(`${state} ${id}`, () => toldOf(device, id)?._ === state);
  return toldOf(device, id) as Extract<tl.TypeEncryptedChat, { _: K }>;
}

/** Accepts a chat on a device that was asked for it. */
export async function accept(device: Device, id: number, { gB = dhValue(), fingerprint = randomLong() } = {}): Promise<tl.RawEncryptedChat> {
  const requested = await seesChat(device, id, 'encryptedChatRequested');
  return (await device.call({ _: 'messages.acceptEncryption', peer: inputOf(requested), gB, keyFingerprint: fingerprint })) as tl.RawEncryptedChat;
}

/** Begins a chat between two devices. */
export async function openSecret(from: Device, to: Device, toUser: Actor): Promise<SecretChat> {
  const waiting = (await request(from, toUser)) as tl.RawEncryptedChatWaiting;
  const accepted = await accept(to, waiting.id);
  await seesChat(from, waiting.id, 'encryptedChat');
  return { id: waiting.id, from: { device: from, input: inputOf(waiting) }, to: { device: to, input: inputOf(accepted) } };
}

/** Sends a message. @returns its date */
export async function sendSecret({ device, input }: Side, data: string | Uint8Array, randomId: Long = randomLong()): Promise<number> {
  const { date } = await device.call({ _: 'messages.sendEncrypted', peer: input, randomId, data: typeof data === 'string' ? Buffer.from(data) : data });
  return date;
}

/** The messages of a chat that a device was given by pushes, in the order in which they came. */
export function gotSecret(device: Device, id?: number): string[] {
  return device.events.flatMap((event) => (event._ === 'updateNewEncryptedMessage' && (id === undefined || event.message.chatId === id) ? [Buffer.from(event.message.bytes).toString()] : []));
}

/** Waits until a device has got these messages of a chat, in this order and once each. */
export async function seesSecret(device: Device, id: number, texts: readonly string[]): Promise<void> {
  await device.waitUntil(`${texts.length} secret messages`, () => gotSecret(device, id).length >= texts.length);
  const got = gotSecret(device, id);
  if (got.join('\n') !== texts.join('\n')) throw new Error(`${device.name} got ${got.join(', ')} instead of ${texts.join(', ')}`);
}

/** What a difference from a position brings a device, slice by slice. */
export async function secretDifference(device: Device, from: { pts: number; date: number; qts: number }): Promise<{ messages: tl.TypeEncryptedMessage[]; others: tl.TypeUpdate[]; qts: number; slices: number }> {
  const found = { messages: [] as tl.TypeEncryptedMessage[], others: [] as tl.TypeUpdate[], qts: from.qts, slices: 0 };
  for (let state = from; ; ) {
    const difference = await device.client.call({ _: 'updates.getDifference', pts: state.pts, date: state.date, qts: state.qts });
    found.slices += 1;
    if (difference._ === 'updates.differenceEmpty' || difference._ === 'updates.differenceTooLong') return found;
    found.messages.push(...difference.newEncryptedMessages);
    found.others.push(...difference.otherUpdates);
    const next = difference._ === 'updates.difference' ? difference.state : difference.intermediateState;
    found.qts = next.qts;
    if (difference._ === 'updates.difference') return found;
    state = next;
  }
}
