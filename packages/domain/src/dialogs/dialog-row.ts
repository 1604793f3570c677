import type { Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A dialog without its draft. Listing reads all dialogs of an owner, and drafts may be long. */
export interface DialogRow extends Omit<Selectable<Tables['dialogs']>, 'draft'> {
  has_draft: boolean;
  /** pts of the channel; undefined for dialogs that are not with a channel. */
  channel_pts?: number;
}
