// Cases for lifts of requests about Stars and gifts, see golden-lifts.ts.
import type { tl } from '@aerogram/tl';
import type { LiftCase } from './golden-case.ts';

const self: tl.inputPeerSelf = { _: 'inputPeerSelf' };
const user: tl.inputUser = { _: 'inputUser', user_id: 5n, access_hash: 6n };
const userPeer: tl.inputPeerUser = { _: 'inputPeerUser', user_id: 5n, access_hash: 6n };
const message: tl.textWithEntities = { _: 'textWithEntities', text: 'for you', entities: [] };

/** An invoice inside a request. */
const invoice = (layer: number, sent: object, becomes: tl.InputInvoice): LiftCase => ({
  layer,
  sent: { _: 'payments.getPaymentForm', invoice: sent },
  becomes: { _: 'payments.getPaymentForm', invoice: becomes },
});

/** A store purchase inside a request. */
const purpose = (layer: number, sent: object, becomes: tl.InputStorePaymentPurpose): LiftCase => ({
  layer,
  sent: { _: 'payments.assignPlayMarketTransaction', receipt: { _: 'dataJSON', data: '{}' }, purpose: sent },
  becomes: { _: 'payments.assignPlayMarketTransaction', receipt: { _: 'dataJSON', data: '{}' }, purpose: becomes },
});

export const PAYMENT_LIFT_CASES: Record<string, LiftCase> = {
  'inputInvoiceStarGift#25d8c1d8': invoice(
    193,
    { _: 'inputInvoiceStarGift', hide_name: true, user_id: user, gift_id: 7n, message },
    { _: 'inputInvoiceStarGift', hide_name: true, peer: userPeer, gift_id: 7n, message },
  ),
  'inputInvoiceStars#1da33ad8': invoice(
    184,
    { _: 'inputInvoiceStars', option: { _: 'starsTopupOption', extended: true, stars: 50n, store_product: 'p', currency: 'EUR', amount: 99n } },
    { _: 'inputInvoiceStars', purpose: { _: 'inputStorePaymentStarsTopup', stars: 50n, currency: 'EUR', amount: 99n } },
  ),
  'inputStorePaymentAuthCode#9bb2636d': purpose(
    223,
    { _: 'inputStorePaymentAuthCode', restore: true, phone_number: '1', phone_code_hash: 'h', currency: 'EUR', amount: 1n },
    { _: 'inputStorePaymentAuthCode', restore: true, phone_number: '1', phone_code_hash: 'h', premium_days: 0, currency: 'EUR', amount: 1n },
  ),
  'inputStorePaymentStars#4f0ee8df': purpose(
    184,
    { _: 'inputStorePaymentStars', stars: 50n, currency: 'EUR', amount: 99n },
    { _: 'inputStorePaymentStarsTopup', stars: 50n, currency: 'EUR', amount: 99n },
  ),
  'payments.botCancelStarsSubscription#57f9ece6': {
    layer: 193,
    sent: { _: 'payments.botCancelStarsSubscription', restore: true, user_id: user, charge_id: 'c' },
    becomes: { _: 'payments.botCancelStarsSubscription', restore: true, user_id: user, charge_id: 'c' },
  },
  'payments.convertStarGift#0421e027': {
    layer: 193,
    sent: { _: 'payments.convertStarGift', user_id: user, msg_id: 8 },
    becomes: { _: 'payments.convertStarGift', stargift: { _: 'inputSavedStarGiftUser', msg_id: 8 } },
  },
  'payments.getStarsTransactions#673ac2f9': {
    layer: 181,
    sent: { _: 'payments.getStarsTransactions', inbound: true, peer: self, offset: 'o' },
    becomes: { _: 'payments.getStarsTransactions', inbound: true, peer: self, offset: 'o', limit: 100 },
  },
  'payments.getUserStarGifts#5e72c7e1': {
    layer: 189,
    sent: { _: 'payments.getUserStarGifts', user_id: { _: 'inputUserSelf' }, offset: 'o', limit: 9 },
    becomes: { _: 'payments.getSavedStarGifts', peer: self, offset: 'o', limit: 9 },
  },
  'payments.saveStarGift#87acf08e': {
    layer: 189,
    sent: { _: 'payments.saveStarGift', unsave: true, user_id: user, msg_id: 8 },
    becomes: { _: 'payments.saveStarGift', unsave: true, stargift: { _: 'inputSavedStarGiftUser', msg_id: 8 } },
  },
  'payments.updateStarGiftPrice#3baea4e1': {
    layer: 204,
    sent: { _: 'payments.updateStarGiftPrice', stargift: { _: 'inputSavedStarGiftUser', msg_id: 8 }, resell_stars: 500n },
    becomes: { _: 'payments.updateStarGiftPrice', stargift: { _: 'inputSavedStarGiftUser', msg_id: 8 }, resell_amount: { _: 'starsAmount', amount: 500n, nanos: 0 } },
  },
};
