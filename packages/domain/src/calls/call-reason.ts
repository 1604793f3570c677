import type { tl } from '@aerogram/tl';

import { type CallRow, stateOf } from './call-row.ts';

/** Why a call ended, as it is stored. Declined calls are busy ones: the schema has one word for both. */
export const CallReason = { missed: 1, busy: 2, hangup: 3, disconnect: 4 } as const;
export type CallReason = (typeof CallReason)[keyof typeof CallReason];

const NAMES = {
  [CallReason.missed]: 'phoneCallDiscardReasonMissed',
  [CallReason.busy]: 'phoneCallDiscardReasonBusy',
  [CallReason.hangup]: 'phoneCallDiscardReasonHangup',
  [CallReason.disconnect]: 'phoneCallDiscardReasonDisconnect',
} as const;

/** How a call ended. */
export interface CallEnd {
  reason: CallReason;
  /** Of the talk, in seconds; null if there was none, or its length is not known. */
  duration: number | null;
}

/** A stored reason, as clients get it. Pure. */
export function projectReason(reason: number | null): tl.PhoneCallDiscardReason | undefined {
  const name = NAMES[reason as CallReason] as (typeof NAMES)[CallReason] | undefined;
  return name && { _: name };
}

/**
 * How a call ends that a device ends. What the device says counts as far as it fits to what has happened: a call that nobody has answered was missed or declined, and one that was
 * answered was neither. Nobody can make a talk longer than it was here. Pure.
 * @param row of the side that ends it
 * @param said what its device says
 */
export function endOf(row: CallRow, said: { reason: tl.PhoneCallDiscardReason; duration: number }, nowDate: number): CallEnd {
  const isLost = said.reason._ === 'phoneCallDiscardReasonDisconnect';
  switch (stateOf(row)) {
    case 'ringing':
      if (row.is_caller || said.reason._ === 'phoneCallDiscardReasonMissed') return { reason: CallReason.missed, duration: null };
      return { reason: isLost ? CallReason.disconnect : CallReason.busy, duration: null };
    case 'talking':
      return { reason: isLost ? CallReason.disconnect : CallReason.hangup, duration: Math.min(Math.max(said.duration, 0), Math.max(nowDate - row.started_date!, 0)) };
    default:
      return { reason: isLost ? CallReason.disconnect : CallReason.hangup, duration: null };
  }
}

/** How a call ends whose time is over. How long the talk was is not known then. Pure. */
export function endOfTime(row: CallRow): CallEnd {
  return { reason: stateOf(row) === 'ringing' ? CallReason.missed : CallReason.disconnect, duration: null };
}
