import type { KeyedMac } from '../shared/index.ts';
import { type Effect, packPlain } from './effect.ts';

/** Seals the frames of this server, so that it knows them again when another data centre returns them: nothing else is believed about the acts of the people here. */
export interface FrameSeals {
  /** Writes an effect as a frame for a data centre. The seal is two fields more, which say nothing to others. @param date unix seconds */
  seal(dc: number, effect: Effect, date: number): Uint8Array;
  /**
   * Finds out whether this server has written exactly this frame, for that data centre.
   * @returns the date with which it was sealed; 'undated' for a seal of a program that did not write dates; undefined: somebody else has written it
   */
  dateOf(dc: number, frame: Uint8Array): number | 'undated' | undefined;
}

/** Length of the codes in bytes. */
export const SEAL_BYTES = 16;

/** What the codes are over, so that none is good for another use of the key: a frame of a program that did not write dates, and one with a date. */
const [OF_UNDATED, OF_DATED] = [2, 3];

const HEAD = ',"seal":"';

/** The end of a sealed frame, where the bracket of the effect stood. */
const END = new RegExp(`^${HEAD}([A-Za-z0-9+/]{22}==)"}$`);

/** The end of what is sealed with a date. */
const DATE = /,"sealed":(\d{1,10})$/;

/** Longer than the date can be with its name. */
const DATE_BYTES = 24;

const endOf = (mac: Buffer): Buffer => Buffer.from(`${HEAD}${mac.toString('base64')}"}`);

const END_BYTES = endOf(Buffer.alloc(SEAL_BYTES)).length;

/** Creates the seals. @param macs of {@link SEAL_BYTES} */
export function createFrameSeals(macs: KeyedMac): FrameSeals {
  const useFor = (of: number, dc: number): Uint8Array => Buffer.of(of, dc);
  return {
    seal(dc, effect, date) {
      const body = Buffer.concat([packPlain(effect).subarray(0, -1), Buffer.from(`,"sealed":${date}`)]);
      return Buffer.concat([body, endOf(macs.of(useFor(OF_DATED, dc), body))]);
    },
    dateOf(dc, frame) {
      const code = END.exec(Buffer.from(frame.subarray(-END_BYTES)).toString('latin1'))?.[1];
      if (code === undefined) return undefined;
      const body = frame.subarray(0, -END_BYTES);
      const matches = (of: number): boolean => macs.matches(macs.newest, Buffer.from(code, 'base64'), useFor(of, dc), body);
      const date = DATE.exec(Buffer.from(body.subarray(-DATE_BYTES)).toString('latin1'))?.[1];
      if (date !== undefined && matches(OF_DATED)) return Number(date);
      return matches(OF_UNDATED) ? 'undated' : undefined;
    },
  };
}
