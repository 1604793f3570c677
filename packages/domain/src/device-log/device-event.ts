import type { tl } from '@aerogram/tl';

/** Values of `device_events.kind`. They are stored, so they must never change meaning. Of a kind other than messages, a device needs only the last event of each chat. */
export const DeviceEventKind = { message: 1, chat: 2, read: 3 } as const;

/** A device: its user, and its permanent auth key. */
export interface DevicePlace {
  owner: bigint;
  authKeyId: bigint;
}

/** An event before the log of its device has numbered it. */
export interface NewDeviceEvent extends DevicePlace {
  kind: (typeof DeviceEventKind)[keyof typeof DeviceEventKind];
  chatId: number;
  date: number;
  /** Of a message. */
  randomId?: bigint;
  /** The file that a message names. */
  fileId?: bigint;
  /** Returns the update for the qts of the event, which is 0 unless it is a message. */
  make(qts: number): tl.Update;
}
