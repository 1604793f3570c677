import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';
import { monthsOf } from './messages.ts';

/** Named rarities have no number; the middle of each one's range stands for it. */
function permille(rarity: tl.StarGiftAttributeRarity): number {
  switch (rarity._) {
    case 'starGiftAttributeRarity': return rarity.permille;
    case 'starGiftAttributeRarityUncommon': return 50;
    case 'starGiftAttributeRarityRare': return 20;
    case 'starGiftAttributeRarityEpic': return 5;
    case 'starGiftAttributeRarityLegendary': return 1;
  }
}

export function lowerModel(o: tl.starGiftAttributeModel): old.starGiftAttributeModel_39d99013 {
  return { _: 'starGiftAttributeModel#39d99013', name: o.name, document: o.document, rarity_permille: permille(o.rarity) };
}

export function lowerPattern(o: tl.starGiftAttributePattern): old.starGiftAttributePattern_13acff19 {
  return { _: 'starGiftAttributePattern#13acff19', name: o.name, document: o.document, rarity_permille: permille(o.rarity) };
}

export function lowerBackdrop(o: tl.starGiftAttributeBackdrop): old.starGiftAttributeBackdrop_94271762 {
  return { ...o, _: 'starGiftAttributeBackdrop#94271762', rarity_permille: permille(o.rarity) };
}

export function lowerStarsTransaction(o: tl.starsTransaction): old.starsTransaction_64dfc926 {
  return { ...o, _: 'starsTransaction#64dfc926', stars: o.amount };
}

export function lowerCheckedGiftCode(o: tl.payments.checkedGiftCode): old.payments_checkedGiftCode_284a1096 {
  return { ...o, _: 'payments.checkedGiftCode#284a1096', months: monthsOf(o.days) };
}

/** Only recurring invoices had terms, under the bit that also says that they recur. */
export function lowerInvoice(o: tl.invoice): old.invoice_3e85a91b {
  return { ...o, _: 'invoice#3e85a91b', recurring_terms_url: o.recurring ? (o.terms_url ?? '') : undefined };
}

export function lowerPaidPrivacy(o: tl.updatePaidReactionPrivacy): old.updatePaidReactionPrivacy_51ca7aec {
  return { _: 'updatePaidReactionPrivacy#51ca7aec', private: o.private._ === 'paidReactionPrivacyAnonymous' };
}
