import { z } from 'zod';

import { type EffectKind, wireBytes } from '../effects/index.ts';
import { EXTRA_MAX_BYTES } from '../events/index.ts';
import { type DialogEffect, dialogEffectFields, wireGlobalId } from './apply-effects.ts';
import { MESSAGE_LENGTH_MAX } from './check-text.ts';

/** Somebody edits a message that they wrote. */
export interface EditEffect extends DialogEffect {
  kind: 'edit';
  globalId: bigint;
  /** Undefined if the text stays. */
  text?: string | undefined;
  /** The entities of the text, the address of the page that it shows, and the keyboard, as far as they change; see `packMessageExtra`. */
  extra?: Uint8Array | undefined;
  /** Whether a bot sets the keyboard, or takes it away. */
  setsMarkup: boolean;
  noWebpage: boolean;
  invertMedia: boolean;
  /** By which the editor's home knows the edit again; see `SendNames`. It says nothing to others. */
  seal: Uint8Array;
}

/** The effect of an edit. */
export const editKind: EffectKind<EditEffect> = {
  kind: 'edit',
  schema: z.object({
    kind: z.literal('edit'),
    ...dialogEffectFields,
    globalId: wireGlobalId,
    text: z.string().max(MESSAGE_LENGTH_MAX).optional(),
    extra: wireBytes(EXTRA_MAX_BYTES).optional(),
    setsMarkup: z.boolean(),
    noWebpage: z.boolean(),
    invertMedia: z.boolean(),
    seal: wireBytes(16),
  }),
};
