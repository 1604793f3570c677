import type { tl } from '@aerogram/tl';
import { z } from 'zod';

import { type EffectKind, wireBytes } from '../effects/index.ts';
import { mediaElsewhere } from '../content/index.ts';
import { type Boxes, EXTRA_MAX_BYTES, type MessageRow, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { type DialogEffect, dialogEffectFields, wireGlobalId } from './dialog-effects.ts';
import { type FormattedText, MESSAGE_UNITS_MAX } from './check-text.ts';
import type { PersonElsewhere } from './places.ts';
import { checkTextTravels } from './prepare-elsewhere.ts';

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
}

/** The effect of an edit. */
export const editKind: EffectKind<EditEffect> = {
  kind: 'edit',
  schema: z.object({
    kind: z.literal('edit'),
    ...dialogEffectFields,
    globalId: wireGlobalId,
    text: z.string().max(MESSAGE_UNITS_MAX).optional(),
    extra: wireBytes(EXTRA_MAX_BYTES).optional(),
    setsMarkup: z.boolean(),
    noWebpage: z.boolean(),
    invertMedia: z.boolean(),
  }),
};

/** What an edit changes. */
interface Changed extends Pick<EditEffect, 'noWebpage' | 'invertMedia'> {
  text?: FormattedText;
  /** Null: none any more. */
  replyMarkup?: tl.ReplyMarkup | null;
}

/** Tells the home of the other person of an edit. @param row the editor's copy after it @throws RpcError MESSAGE_TOO_LONG */
export function tellEdit(boxes: Boxes, { dc, userId: to }: PersonElsewhere, row: MessageRow, edit: Changed): void {
  if (edit.text !== undefined) checkTextTravels(edit.text.text);
  const { entities, media } = unpackMessageExtra(row.extra);
  const replyMarkup = edit.replyMarkup ?? undefined;
  const page = mediaElsewhere(media);
  const extra = packMessageExtra({ ...(edit.text && { ...(entities && { entities }), ...(page && { media: page }) }), ...(replyMarkup && { replyMarkup }) });
  const effect: EditEffect = {
    kind: 'edit',
    from: row.owner_id,
    to,
    date: row.edit_date!,
    globalId: row.global_id,
    text: edit.text?.text,
    extra: extra ?? undefined,
    setsMarkup: edit.replyMarkup !== undefined,
    noWebpage: edit.noWebpage,
    invertMedia: edit.invertMedia,
  };
  boxes.tell(dc, effect);
}
