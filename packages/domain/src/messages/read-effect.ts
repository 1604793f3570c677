import { z } from 'zod';

import type { EffectKind } from '../effects/index.ts';
import { type DialogEffect, dialogEffectFields } from './dialog-effects.ts';

/** Somebody has read what the other wrote. */
export interface ReadEffect extends DialogEffect {
  kind: 'read';
  /** The newest message that was read, by its id in the box of its author. */
  peerMsgId: number;
}

/** The effect of reading. */
export const readKind: EffectKind<ReadEffect> = {
  kind: 'read',
  schema: z.object({ kind: z.literal('read'), ...dialogEffectFields, peerMsgId: z.int().min(1).max(2 ** 31 - 1) }),
};
