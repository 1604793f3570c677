import { z } from 'zod';

import { type Effect, type EffectKind, wireBytes, wireInt, wireUserId } from '../effects/index.ts';
import { EXTRA_MAX_BYTES, MessageFlag } from '../events/index.ts';
import { MESSAGE_UNITS_MAX } from './check-text.ts';

/** A message from a person to somebody whose home is another data centre. */
export interface MessageEffect extends Effect {
  kind: 'message';
  to: bigint;
  /** Names the message in both boxes. */
  globalId: bigint;
  /** The id of the sender's copy. */
  msgId: number;
  randomId: bigint;
  /** Unix seconds. */
  date: number;
  /** Those of {@link TRAVELLING_FLAGS}. */
  flags: number;
  text: string;
  /** See `packMessageExtra`. Only what `rebuildArriving` knows gets into the receiver's box. */
  extra?: Uint8Array | undefined;
  /** Names the message of the dialog to which it replies. */
  answered?: bigint | undefined;
  /** Nothing arrives: the sender's copy, if the receiver still has the message, has another id from now on. */
  isRenumbered?: true | undefined;
}

/** The flags that are the same in the sender's and the receiver's copy of a message. */
export const TRAVELLING_FLAGS = MessageFlag.silent | MessageFlag.noforwards | MessageFlag.invertMedia | MessageFlag.noWebpage | MessageFlag.fromScheduled;

/** The kind of {@link MessageEffect}. */
export const messageKind: EffectKind<MessageEffect> = {
  kind: 'message',
  schema: z.object({
    kind: z.literal('message'),
    from: wireUserId,
    to: wireUserId,
    globalId: wireInt.refine((id) => id > 0n),
    msgId: z.int().positive().max(0x7fff_ffff),
    randomId: wireInt,
    date: z.int().positive().max(0x7fff_ffff),
    flags: z.int().nonnegative().transform((flags) => flags & TRAVELLING_FLAGS),
    // Characters are counted by `rebuildArriving`, as those of a client.
    text: z.string().max(MESSAGE_UNITS_MAX),
    extra: wireBytes(EXTRA_MAX_BYTES).optional(),
    answered: wireInt.optional(),
    isRenumbered: z.literal(true).optional(),
  }),
};
