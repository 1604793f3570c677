// Requests about Stars, gifts and payments with them.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Number of transactions on one page before clients could choose it. */
const TRANSACTIONS_PAGE = 100;

function peerOf(user: tl.InputUser): tl.InputPeer {
  switch (user._) {
    case 'inputUser': return { _: 'inputPeerUser', user_id: user.user_id, access_hash: user.access_hash };
    case 'inputUserFromMessage': return { _: 'inputPeerUserFromMessage', peer: user.peer, msg_id: user.msg_id, user_id: user.user_id };
    case 'inputUserSelf': return { _: 'inputPeerSelf' };
    case 'inputUserEmpty': return { _: 'inputPeerEmpty' };
  }
}

export function liftCanPurchasePremium(o: old.payments_canPurchasePremium_9fc19eb6): tl.payments.canPurchaseStore {
  return { _: 'payments.canPurchaseStore', purpose: o.purpose };
}

export function liftStarsWithdrawalUrl(o: old.payments_getStarsRevenueWithdrawalUrl_13bbe8b3): tl.payments.getStarsRevenueWithdrawalUrl {
  return { _: 'payments.getStarsRevenueWithdrawalUrl', peer: o.peer, amount: o.stars, password: o.password };
}

/** A paid log-in did not include days of Premium. */
export function liftPaymentAuthCode(o: old.inputStorePaymentAuthCode_9bb2636d): tl.inputStorePaymentAuthCode {
  return { ...o, _: 'inputStorePaymentAuthCode', premium_days: 0 };
}

export function liftPaymentStars({ stars, currency, amount }: old.inputStorePaymentStars_4f0ee8df): tl.inputStorePaymentStarsTopup {
  return { _: 'inputStorePaymentStarsTopup', stars, currency, amount };
}

export function liftInvoiceStars({ option: { stars, currency, amount } }: old.inputInvoiceStars_1da33ad8): tl.inputInvoiceStars {
  return { _: 'inputInvoiceStars', purpose: { _: 'inputStorePaymentStarsTopup', stars, currency, amount } };
}

/** Gifts could only be sent to users. */
export function liftInvoiceStarGift({ hide_name, user_id, gift_id, message }: old.inputInvoiceStarGift_25d8c1d8): tl.inputInvoiceStarGift {
  return { _: 'inputInvoiceStarGift', hide_name, peer: peerOf(user_id), gift_id, message };
}

/** The gift was named by the message that contains it, which also determines its owner. */
export function liftConvertStarGift({ msg_id }: old.payments_convertStarGift_0421e027): tl.payments.convertStarGift {
  return { _: 'payments.convertStarGift', stargift: { _: 'inputSavedStarGiftUser', msg_id } };
}

export function liftSaveStarGift({ unsave, msg_id }: old.payments_saveStarGift_87acf08e): tl.payments.saveStarGift {
  return { _: 'payments.saveStarGift', unsave, stargift: { _: 'inputSavedStarGiftUser', msg_id } };
}

export function liftGetUserStarGifts({ user_id, offset, limit }: old.payments_getUserStarGifts_5e72c7e1): tl.payments.getSavedStarGifts {
  return { _: 'payments.getSavedStarGifts', peer: peerOf(user_id), offset, limit };
}

export function liftUpdateStarGiftPrice({ stargift, resell_stars }: old.payments_updateStarGiftPrice_3baea4e1): tl.payments.updateStarGiftPrice {
  return { _: 'payments.updateStarGiftPrice', stargift, resell_amount: { _: 'starsAmount', amount: resell_stars, nanos: 0 } };
}

/** A subscription named by its invoice has no charge id: an invalid id is used, which is refused. */
export function liftBotCancelStarsSubscription({ restore, user_id, charge_id }: old.payments_botCancelStarsSubscription_57f9ece6): tl.payments.botCancelStarsSubscription {
  return { _: 'payments.botCancelStarsSubscription', restore, user_id, charge_id: charge_id ?? '' };
}

export function liftGetStarsTransactions({ inbound, outbound, peer, offset }: old.payments_getStarsTransactions_673ac2f9): tl.payments.getStarsTransactions {
  return { _: 'payments.getStarsTransactions', inbound, outbound, peer, offset, limit: TRANSACTIONS_PAGE };
}
