// Cases for lowerings about Stars, gifts and giveaways, see golden-lowerings.ts.
import type { tl } from '@aerogram/tl';
import type { GoldenCase } from './golden-case.ts';

const stars: tl.starsAmount = { _: 'starsAmount', amount: 5n, nanos: 500_000_000 };
const transaction: tl.starsTransaction = { _: 'starsTransaction', id: 'i', amount: stars, date: 1, peer: { _: 'starsTransactionPeerFragment' }, title: 't' };
const status: tl.payments.starsStatus = { _: 'payments.starsStatus', balance: stars, chats: [], users: [] };
const document: tl.documentEmpty = { _: 'documentEmpty', id: 3n };
const gift: tl.starGift = { _: 'starGift', id: 1n, sticker: document, stars: 2n, convert_stars: 3n };
const unique: tl.starGiftUnique = {
  _: 'starGiftUnique', id: 1n, gift_id: 2n, title: 't', slug: 's', num: 3, attributes: [], availability_issued: 4, availability_total: 5,
  resell_amount: [{ _: 'starsTonAmount', amount: 9n }, stars],
};
const backdrop: tl.starGiftAttributeBackdrop = {
  _: 'starGiftAttributeBackdrop', name: 'n', backdrop_id: 1, center_color: 2, edge_color: 3, pattern_color: 4, text_color: 5, rarity: { _: 'starGiftAttributeRarity', permille: 6 },
};
const giveaway: tl.messageMediaGiveaway = { _: 'messageMediaGiveaway', winners_are_visible: true, channels: [9n], prize_description: 'p', quantity: 3, months: 6, until_date: 7 };
const results: tl.messageMediaGiveawayResults = {
  _: 'messageMediaGiveawayResults', channel_id: 9n, launch_msg_id: 1, winners_count: 1, unclaimed_count: 0, winners: [7n], months: 6, until_date: 7,
};
const revenue: tl.starsRevenueStatus = { _: 'starsRevenueStatus', current_balance: stars, available_balance: stars, overall_revenue: { _: 'starsTonAmount', amount: 9n } };

export const PAYMENT_LOWERING_CASES: Record<string, GoldenCase> = {
  'messageActionGiftCode#678c2e09': { layer: 185, given: { _: 'messageActionGiftCode', days: 90, slug: 's' }, sees: { months: 3, slug: 's' } },
  'messageActionGiftPremium#c83d6aec': { layer: 185, given: { _: 'messageActionGiftPremium', currency: 'EUR', amount: 1n, days: 180 }, sees: { currency: 'EUR', months: 6 } },
  'messageActionStarGift#9bb3ef44': { layer: 189, given: { _: 'messageActionStarGift', saved: true, gift }, sees: { saved: true, gift: { _: 'starGift', stars: 2n }, convert_stars: 0n } },
  'messageActionStarGiftUnique#2e3ae60e': { layer: 204, given: { _: 'messageActionStarGiftUnique', upgrade: true, gift, resale_amount: stars }, sees: { upgrade: true, resale_stars: 5n } },
  'messageMediaGiveaway#daad85b0': { layer: 185, given: giveaway, sees: { _: 'messageMediaGiveaway', winners_are_visible: true, quantity: 3, months: 6 } },
  'messageMediaGiveawayResults#c6991068': { layer: 181, given: results, sees: { _: 'messageMediaGiveawayResults', winners: [7n], months: 6 } },
  'payments.giveawayInfoResults#00cd5570': {
    layer: 185,
    given: { _: 'payments.giveawayInfoResults', winner: true, start_date: 1, gift_code_slug: 's', finish_date: 2, winners_count: 3 },
    sees: { winner: true, gift_code_slug: 's', activated_count: 0 },
  },
  'payments.starsStatus#8cf4ee60': { layer: 185, given: status, sees: { balance: 5n, history: [] } },
  'payments.starsStatus#bbfa316c': { layer: 193, given: { ...status, history: [transaction] }, sees: { balance: 5n, history: [{ id: 'i', stars: 5n }] } },
  'starGiftAttributeBackdrop#d93d859c': { layer: 221, given: backdrop, sees: { backdrop_id: 1, rarity_permille: 6 } },
  'starGiftUnique#6411db89': { layer: 204, given: unique, sees: { _: 'starGiftUnique', num: 3, resell_stars: 5n } },
  'starsRevenueStatus#79342946': { layer: 193, given: revenue, sees: { current_balance: 5n, available_balance: 5n, overall_revenue: 0n } },
  'starsTransaction#0a9ee4c2': { layer: 189, given: transaction, sees: { id: 'i', stars: 5n, title: 't' } },
  'starsTransaction#2db5418f': { layer: 185, given: transaction, sees: { id: 'i', stars: 5n, title: 't' } },
  'starsTransaction#35d4f276': { layer: 193, given: transaction, sees: { id: 'i', stars: 5n, title: 't' } },
  'starsTransaction#a39fd94a': { layer: 204, given: transaction, sees: { id: 'i', stars, title: 't' } },
  'starsTransaction#cc7079b2': { layer: 181, given: { ...transaction, peer: { _: 'starsTransactionPeerAds' } }, sees: { stars: 5n, peer: { _: 'starsTransactionPeerUnsupported' } } },
  'updateStarsBalance#0fb85198': { layer: 193, given: { _: 'updateStarsBalance', balance: stars }, sees: { _: 'updateStarsBalance', balance: 5n } },
  'webPageAttributeStarGiftAuction#034986ab': {
    layer: 218,
    given: { _: 'webPageAttributeStarGiftAuction', gift: { ...gift, background: { _: 'starGiftBackground', center_color: 1, edge_color: 2, text_color: 3 } }, end_date: 4 },
    sees: { end_date: 4, center_color: 1, edge_color: 2, text_color: 3 },
  },
};

/** Values that an older layer cannot express. */
export const PAYMENT_REPLACEMENT_CASES: Record<string, GoldenCase> = {
  'a giveaway of stars is unsupported media': { layer: 185, given: { ...giveaway, months: undefined, stars: 5n }, sees: { _: 'messageMediaUnsupported' } },
  'results of a giveaway of stars are unsupported media': { layer: 184, given: { ...results, months: undefined, stars: 5n }, sees: { _: 'messageMediaUnsupported' } },
  'a unique gift is a plain one with the picture of its model': {
    layer: 193,
    given: { _: 'messageActionStarGift', gift: { ...unique, attributes: [backdrop, { _: 'starGiftAttributeModel', name: 'm', document, rarity: { _: 'starGiftAttributeRarity', permille: 6 } }] } },
    sees: { _: 'messageActionStarGift', gift: { _: 'starGift', id: 2n, sticker: document, stars: 0n } },
  },
  'an auction of a gift without a background has no colours': { layer: 218, given: { _: 'webPageAttributeStarGiftAuction', gift, end_date: 4 }, sees: { center_color: 0, edge_color: 0, text_color: 0 } },
  'a giveaway of stars that is paid for is left out': {
    layer: 185,
    given: {
      _: 'premium.boostsStatus', level: 1, current_level_boosts: 2, boosts: 3, boost_url: 'u',
      prepaid_giveaways: [{ _: 'prepaidStarsGiveaway', id: 1n, stars: 2n, quantity: 3, boosts: 4, date: 5 }, { _: 'prepaidGiveaway', id: 6n, months: 3, quantity: 1, date: 7 }],
    },
    sees: { boosts: 3, prepaid_giveaways: [{ _: 'prepaidGiveaway', id: 6n, months: 3 }] },
  },
};
