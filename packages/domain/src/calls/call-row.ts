import type { Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** One side of a call. */
export type CallRow = Selectable<Tables['phone_calls']>;

/** How far a call is. accepted: a device has answered, and the keys are being exchanged. */
export type CallState = 'ringing' | 'accepted' | 'talking' | 'ended';

/** No device: nobody has answered yet. */
export const NO_DEVICE = 0n;

/** How long the server waits, in seconds, before it ends a call. Clients end it a little earlier by themselves (`help.getConfig`), so that this is for those that have gone. */
export const CALL_LIMITS = {
  /** For a device that rings. */
  receiveS: 25,
  /** For an answer, from when a device rings. */
  ringS: 95,
  /** For the exchange of the keys, from the answer. */
  connectS: 25,
  /** For the end of the talk. A device that has lost its server cannot tell that it has ended. */
  talkS: 86_400,
} as const;

/** How far a call is. Pure. */
export function stateOf({ ended_date, started_date, accepted_date }: Pick<CallRow, 'ended_date' | 'started_date' | 'accepted_date'>): CallState {
  if (ended_date !== null) return 'ended';
  if (started_date !== null) return 'talking';
  return accepted_date === null ? 'ringing' : 'accepted';
}

/** Whether a device takes part in a call: the one that has called or answered, and as long as nobody has answered each that rings. Pure. */
export function isInCall({ auth_key_id }: Pick<CallRow, 'auth_key_id'>, authKeyId: bigint): boolean {
  return auth_key_id === NO_DEVICE || auth_key_id === authKeyId;
}
