import type { tl } from '@aerogram/tl';

const DAYS_A_MONTH = 30;

/** Gifts are counted in days now, and were in months. */
export function monthsOf(days: number): number {
  return Math.max(1, Math.round(days / DAYS_A_MONTH));
}

/** Named rarities have no number; one within each one's range stands for it. */
export function permilleOf(rarity: tl.StarGiftAttributeRarity): number {
  switch (rarity._) {
    case 'starGiftAttributeRarity': return rarity.permille;
    case 'starGiftAttributeRarityUncommon': return 50;
    case 'starGiftAttributeRarityRare': return 20;
    case 'starGiftAttributeRarityEpic': return 5;
    case 'starGiftAttributeRarityLegendary': return 1;
  }
}
