import type { tl } from '@aerogram/tl';

/** Methods that this server will never have, by the reason. */
const REASONS = {
  'app stores sell goods of Telegram in them': ['payments.assignAppStoreTransaction', 'payments.assignPlayMarketTransaction', 'payments.canPurchaseStore'],
  'nothing is sold for which they give away Premium or boosts': [
    'channels.setBoostsToUnblockRestrictions', 'payments.applyGiftCode', 'payments.checkGiftCode', 'payments.getStarsGiveawayOptions', 'payments.launchPrepaidGiveaway', 'premium.applyBoost',
  ],
  'nobody pays for a log-in, and the phones of users send no codes for the server': [
    'auth.checkPaidAuth', 'smsjobs.finishJob', 'smsjobs.getSmsJob', 'smsjobs.getStatus', 'smsjobs.join', 'smsjobs.leave', 'smsjobs.updateSettings',
  ],
  'there are no advertisements to view, click or report': ['messages.clickSponsoredMessage', 'messages.reportSponsoredMessage', 'messages.viewSponsoredMessage'],
  'they lead to Fragment, to payouts in TON and to accounts of advertisers': [
    'fragment.getCollectibleInfo', 'payments.getStarGiftWithdrawalUrl', 'payments.getStarsRevenueAdsAccountUrl', 'payments.getStarsRevenueWithdrawalUrl',
  ],
  'there are no affiliate programmes': [
    'bots.updateStarRefProgram', 'payments.connectStarRefBot', 'payments.editConnectedStarRefBot', 'payments.getConnectedStarRefBot', 'payments.getConnectedStarRefBots',
    'payments.getSuggestedStarRefBots',
  ],
  'collectible gifts are a market whose scarcity Telegram makes': [
    'payments.craftStarGift', 'payments.getCraftStarGifts', 'payments.getResaleStarGifts', 'payments.getStarGiftAuctionAcquiredGifts', 'payments.getStarGiftAuctionState',
    'payments.getStarGiftUpgradeAttributes', 'payments.getStarGiftUpgradePreview', 'payments.getUniqueStarGift', 'payments.getUniqueStarGiftValueInfo', 'payments.resolveStarGiftOffer',
    'payments.sendStarGiftOffer', 'payments.transferStarGift', 'payments.updateStarGiftPrice', 'payments.upgradeStarGift',
  ],
  'Telegram has withdrawn them, and they would record where people are': ['channels.editLocation', 'contacts.getLocated'],
} as const satisfies Record<string, readonly (keyof tl.RpcMethods)[]>;

/** The reason why each refused method is not there; they answer 400 METHOD_INVALID, as missing ones do. Shown in docs/coverage.md. */
export const refusedMethods: ReadonlyMap<string, string> = new Map(Object.entries(REASONS).flatMap(([reason, names]) => names.map((name): [string, string] => [name, reason])));
