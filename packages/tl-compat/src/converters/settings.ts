import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

// Limits that later moved from the config to the app config. Those of pinned dialogs are this server's, as in the app config; for the
// others these are the long-standing values of official servers.
export const SAVED_GIFS_LIMIT = 200;
export const FAVED_STICKERS_LIMIT = 5;
export const PINNED_DIALOGS_LIMIT = 100;
export const PINNED_IN_FOLDER_LIMIT = 100;

/** Prices were moved into options; old clients show the monthly one. */
export function monthlyOption(o: tl.help.premiumPromo): tl.PremiumSubscriptionOption | undefined {
  return o.period_options.find((option) => option.months === 1);
}

/** Suggestions alone promote no peer: an old client gets an empty answer. */
export function lowerPromoData(o: tl.help.promoData): old.help_promoData_8c39793f | tl.help.promoDataEmpty {
  const { proxy, expires, peer, chats, users, psa_type, psa_message } = o;
  if (!peer) return { _: 'help.promoDataEmpty', expires };
  return { _: 'help.promoData#8c39793f', proxy, expires, peer, chats, users, psa_type, psa_message };
}

/** A temporary status was a separate constructor. */
export function lowerEmojiStatus({ document_id, until }: tl.emojiStatus): old.emojiStatus_929b619d | old.emojiStatusUntil_fa30a8c7 {
  return until === undefined ? { _: 'emojiStatus#929b619d', document_id } : { _: 'emojiStatusUntil#fa30a8c7', document_id, until };
}

/**
 * The offset of the next page for older layers, where it is a number. A string that is not a number is left out, so that an old client
 * takes this page for the last one.
 */
export function numericOffset(offset: string | undefined): number | undefined {
  return offset !== undefined && /^\d{1,9}$/.test(offset) ? Number(offset) : undefined;
}
