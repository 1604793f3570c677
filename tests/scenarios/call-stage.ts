import { createHash, randomBytes } from 'node:crypto';
import { Long, type tl } from '@mtcute/node';
import type { Device } from '@aerogram/dev-env';

/** A power of the key exchange as a client makes it: 256 bytes in the range that both sides check. */
export function makePower(): Uint8Array {
  const power = new Uint8Array(randomBytes(256));
  power[0] = 0x40;
  return power;
}

/** What devices offer in these tests. */
export const protocolOf = (...libraryVersions: string[]): tl.RawPhoneCallProtocol => ({
  _: 'phoneCallProtocol', udpP2p: true, udpReflector: true, minLayer: 65, maxLayer: 92, libraryVersions: libraryVersions.length > 0 ? libraryVersions : ['9.0.0', '8.0.0'],
});

export const HANG_UP: tl.RawPhoneCallDiscardReasonHangup = { _: 'phoneCallDiscardReasonHangup' };
export const BUSY: tl.RawPhoneCallDiscardReasonBusy = { _: 'phoneCallDiscardReasonBusy' };
export const MISSED: tl.RawPhoneCallDiscardReasonMissed = { _: 'phoneCallDiscardReasonMissed' };

/** A call as the device that makes it has it. */
export interface Ring {
  id: Long;
  ref: tl.RawInputPhoneCall;
  gA: Uint8Array;
  request: tl.phone.RawRequestCallRequest;
}

/** Calls somebody. */
export async function ring(device: Device, userId: number, { video = false, protocol = protocolOf() } = {}): Promise<Ring> {
  const gA = makePower();
  const request: tl.phone.RawRequestCallRequest = {
    _: 'phone.requestCall', userId: device.inputUser(userId), randomId: randomBytes(4).readInt32LE(), gAHash: createHash('sha256').update(gA).digest(), protocol, video,
  };
  const { phoneCall } = await device.call(request);
  if (phoneCall._ !== 'phoneCallWaiting') throw new Error(`the request was answered by ${phoneCall._}`);
  return { id: phoneCall.id, ref: refOf(phoneCall), gA, request };
}

/** How a device names a call of which it was told. */
export const refOf = ({ id, accessHash }: { id: Long; accessHash: Long }): tl.RawInputPhoneCall => ({ _: 'inputPhoneCall', id, accessHash });

/** All that a device was told of a call, oldest first. */
export function toldOf(device: Device, id: Long): tl.TypePhoneCall[] {
  return device.events.flatMap((update) => (update._ === 'updatePhoneCall' && update.phoneCall.id.eq(id) ? [update.phoneCall] : []));
}

/** Waits until a device is told that a call is this far. */
export async function seesCall<K extends tl.TypePhoneCall['_']>(device: Device, id: Long, kind: K, fits: (call: Extract<tl.TypePhoneCall, { _: K }>) => boolean = () => true): Promise<Extract<tl.TypePhoneCall, { _: K }>> {
  const { phoneCall } = await device.seesUpdate('updatePhoneCall', (update) => update.phoneCall._ === kind && update.phoneCall.id.eq(id) && fits(update.phoneCall as Extract<tl.TypePhoneCall, { _: K }>));
  return phoneCall as Extract<tl.TypePhoneCall, { _: K }>;
}

/** Answers a call that rings. */
export async function accept(device: Device, id: Long, protocol = protocolOf('8.0.0', '9.0.0')): Promise<{ ref: tl.RawInputPhoneCall; gB: Uint8Array; call: tl.TypePhoneCall }> {
  const ref = refOf(await seesCall(device, id, 'phoneCallRequested'));
  const gB = makePower();
  const { phoneCall } = await device.call({ _: 'phone.acceptCall', peer: ref, gB, protocol });
  return { ref, gB, call: phoneCall };
}

/** Completes the exchange of the keys. */
export async function confirm(device: Device, { ref, gA }: Ring, fingerprint: Long): Promise<tl.RawPhoneCall> {
  const { phoneCall } = await device.call({ _: 'phone.confirmCall', peer: ref, gA, keyFingerprint: fingerprint, protocol: protocolOf() });
  if (phoneCall._ !== 'phoneCall') throw new Error(`the confirmation was answered by ${phoneCall._}`);
  return phoneCall;
}

/** Ends a call. */
export const discard = (device: Device, peer: tl.RawInputPhoneCall, reason: tl.TypePhoneCallDiscardReason, duration = 0): Promise<tl.TypeUpdates> =>
  device.change({ _: 'phone.discardCall', peer, duration, reason, connectionId: Long.ZERO });

/** The service messages about calls with somebody, newest first, as the server has them. */
export async function callsWith(device: Device, userId: number): Promise<tl.RawMessageActionPhoneCall[]> {
  const found = await device.call({
    _: 'messages.search', peer: device.inputPeer(userId), q: '', filter: { _: 'inputMessagesFilterPhoneCalls' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: Long.ZERO,
  });
  if (found._ === 'messages.messagesNotModified') return [];
  return found.messages.flatMap((message) => (message._ === 'messageService' && message.action._ === 'messageActionPhoneCall' ? [message.action] : []));
}
