import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

const DAYS_A_MONTH = 30;

/** The duration of gifts is in days now and was in months. */
export function monthsOf(days: number): number {
  return Math.max(1, Math.round(days / DAYS_A_MONTH));
}

/** Named rarities have no number; a value within the range of each one is used. */
export function permilleOf(rarity: tl.StarGiftAttributeRarity): number {
  switch (rarity._) {
    case 'starGiftAttributeRarity': return rarity.permille;
    case 'starGiftAttributeRarityUncommon': return 50;
    case 'starGiftAttributeRarityRare': return 20;
    case 'starGiftAttributeRarityEpic': return 5;
    case 'starGiftAttributeRarityLegendary': return 1;
  }
}

/** Only whole Stars could be expressed. Other currencies have no old form, so the amount is 0. */
export function starsOf(amount: tl.StarsAmount): bigint {
  return amount._ === 'starsAmount' ? amount.amount : 0n;
}

/** The first of the prices that is in Stars. */
export function starsIn(...prices: (tl.StarsAmount | undefined)[]): bigint | undefined {
  return prices.find((price) => price?._ === 'starsAmount')?.amount;
}

const NO_BACKGROUND: tl.starGiftBackground = { _: 'starGiftBackground', center_color: 0, edge_color: 0, text_color: 0 };

/** Colours of a gift for sale, which were separate fields. */
export function backgroundOf(gift: tl.StarGift): tl.starGiftBackground {
  return gift._ === 'starGift' && gift.background ? gift.background : NO_BACKGROUND;
}

/** A unique gift is shown as a plain one with the picture of its model. */
export function plainGift({ gift_id, title, attributes }: tl.starGiftUnique): tl.starGift {
  const model = attributes.find((attribute) => attribute._ === 'starGiftAttributeModel');
  return { _: 'starGift', id: gift_id, sticker: model?.document ?? { _: 'documentEmpty', id: 0n }, stars: 0n, convert_stars: 0n, title };
}

/** Gifts belonged to a user and came from users. */
export function userStarGifts({ count, gifts, next_offset, users }: tl.payments.savedStarGifts): old.payments_userStarGifts_6b65b517 {
  return {
    _: 'payments.userStarGifts#6b65b517',
    count,
    gifts: gifts.map(({ name_hidden, unsaved, from_id, date, gift, message, msg_id, convert_stars }) => ({
      _: 'userStarGift#eea49a6e', name_hidden, unsaved, from_id: from_id?._ === 'peerUser' ? from_id.user_id : undefined, date, gift, message, msg_id, convert_stars,
    })),
    next_offset,
    users,
  };
}
