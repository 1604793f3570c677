import { z } from 'zod';

import type { EffectKind } from '../effects/index.ts';
import type { Boxes } from '../events/index.ts';
import { type DialogEffect, dialogEffectFields, type PersonElsewhere, wireGlobalId } from '../messages/index.ts';

/** More than one person may have on one message; who may have fewer is told by the one who applies it. */
const EMOTICONS_MAX = 8;

/** Somebody sets all their reactions to one message of the dialog. */
export interface ReactionEffect extends DialogEffect {
  kind: 'reaction';
  globalId: bigint;
  /** Their keys in the chosen order; empty: none. */
  emoticons: string[];
  big: boolean;
}

/** The effect of a reaction. */
export const reactionKind: EffectKind<ReactionEffect> = {
  kind: 'reaction',
  schema: z.object({ kind: z.literal('reaction'), ...dialogEffectFields, globalId: wireGlobalId, emoticons: z.array(z.string().max(32)).max(EMOTICONS_MAX), big: z.boolean() }),
};

/** Tells the home of the other person of a reaction. */
export function tellReaction(boxes: Boxes, { dc, userId: to }: PersonElsewhere, reaction: Omit<ReactionEffect, 'kind' | 'to'>): void {
  const effect: ReactionEffect = { kind: 'reaction', to, ...reaction };
  boxes.tell(dc, effect);
}
