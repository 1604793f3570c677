import type { KeyedMac } from '../shared/index.ts';
import { type Effect, packPlain } from './effect.ts';

/** Seals the frames of this server, so that it knows them again when another data centre returns them: nothing else is believed about the acts of the people here. */
export interface FrameSeals {
  /** Writes an effect as a frame for a data centre. The seal is one field more, which says nothing to others. */
  seal(dc: number, effect: Effect): Uint8Array;
  /** Whether this server has written exactly this frame, for that data centre. */
  isOwn(dc: number, frame: Uint8Array): boolean;
}

/** Length of the codes in bytes. */
export const SEAL_BYTES = 16;

/** What the codes are over, so that none is good for another use of the key. */
const OF_FRAME = 2;

const HEAD = ',"seal":"';

/** The end of a sealed frame, where the bracket of the effect stood. */
const END = new RegExp(`^${HEAD}([A-Za-z0-9+/]{22}==)"}$`);

const endOf = (mac: Buffer): Buffer => Buffer.from(`${HEAD}${mac.toString('base64')}"}`);

const END_BYTES = endOf(Buffer.alloc(SEAL_BYTES)).length;

/** Creates the seals. @param macs of {@link SEAL_BYTES} */
export function createFrameSeals(macs: KeyedMac): FrameSeals {
  const useFor = (dc: number): Uint8Array => Buffer.of(OF_FRAME, dc);
  return {
    seal(dc, effect) {
      const body = packPlain(effect).subarray(0, -1);
      return Buffer.concat([body, endOf(macs.of(useFor(dc), body))]);
    },
    isOwn(dc, frame) {
      const code = END.exec(Buffer.from(frame.subarray(-END_BYTES)).toString('latin1'))?.[1];
      return code !== undefined && macs.matches(macs.newest, Buffer.from(code, 'base64'), useFor(dc), frame.subarray(0, -END_BYTES));
    },
  };
}
