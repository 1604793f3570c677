// Fields that a conversion between layers drops on purpose, each with the reason. docs/layers.md shows the lists. Codegen fails if an optional field of an older
// answer would stay unset without being listed, a test fails for each other field that is lost, and an entry that nothing needs any more is an error too.

const ADS = 'this server has no sponsored messages';
const CALLS = 'apps of these layers offer no calls here';
const CONFERENCES = 'this server has no calls of several people';
const GIFTS = 'Premium is not sold here';

/** Optional fields of old answers that nothing fills, because the newest layer does not have what they say. */
export const UNFILLED_FIELDS: Readonly<Record<string, string>> = {
  'auth.sentCodeTypeEmailCode#5a159841.next_phone_login_date': 'was replaced by the time after which the address can be reset, which these layers do not know',
  'config#232566ac.ignore_phone_entities': 'phone numbers are marked as such in texts',
  'config#232566ac.pfs_enabled': 'clients decide themselves whether they use temporary keys',
  'config#232566ac.phonecalls_enabled': CALLS,
  'config#330b4067.ignore_phone_entities': 'phone numbers are marked as such in texts',
  'config#330b4067.pfs_enabled': 'clients decide themselves whether they use temporary keys',
  'config#330b4067.phonecalls_enabled': CALLS,
  'groupCall#cdf8d3e3.conference_from_call': CONFERENCES,
  'phoneCall#3ba5940c.conference_call': CONFERENCES,
  'phoneCallAccepted#22fd7181.conference_call': CONFERENCES,
  'phoneCallDiscarded#f9d25503.conference_call': CONFERENCES,
  'phoneCallRequested#45361c63.conference_call': CONFERENCES,
  'phoneCallWaiting#eed42858.conference_call': CONFERENCES,
  'sponsoredMessage#3a836df8.channel_post': ADS,
  'sponsoredMessage#3a836df8.chat_invite': ADS,
  'sponsoredMessage#3a836df8.chat_invite_hash': ADS,
  'sponsoredMessage#3a836df8.from_id': ADS,
  'sponsoredMessage#3a836df8.show_peer_photo': ADS,
  'sponsoredMessage#3a836df8.start_param': ADS,
  'userFull#1f58e369.premium_gifts': GIFTS,
  'userFull#4d975bbc.premium_gifts': GIFTS,
  'userFull#c4b1fc3f.premium_gifts': GIFTS,
  'userFull#cc997720.premium_gifts': GIFTS,
  'userFull#f8d32aed.premium_gifts': GIFTS,
};

/** Fields of old requests and of parts of them that have no effect on this server and are ignored when lifting. */
export const LOST_FIELDS: Readonly<Record<string, string>> = {
  'account.getTheme#8d9d742b.document_id': 'the theme is named by its id',
  'account.verifyEmail#ecba39db.email': 'the server knows the address to which it sent the code',
  'messages.clickSponsoredMessage#0f093465.peer': ADS,
  'messages.reportSponsoredMessage#1af3dbb8.peer': ADS,
  'messages.translateText#24ce6dee.from_lang': 'the language of a text is recognised',
  'messages.viewSponsoredMessage#673ad8f1.peer': ADS,
  'payments.botCancelStarsSubscription#57f9ece6.invoice_slug': 'payments are not there yet; without a charge the request is refused',
  'payments.getSavedStarGifts#23830de9.exclude_limited': 'is now two fields, and this server has no gifts',
  'phone.joinGroupCall#d61e1df3.key_fingerprint': CONFERENCES,
  'phone.requestCall#a6c4600c.conference_call': CONFERENCES,
  'phoneCallDiscardReasonAllowGroupCall#afe2b839.encrypted_key': CONFERENCES,
};

/** Fields of constructors that a layer lacks, which the constructor that goes instead has too, but with another meaning. */
export const REPLACED_WITHOUT: Readonly<Record<string, string>> = {
  'starGiftUnique.availability_total': 'a plain gift that is limited also says how many are left, which is not known',
  'starsTonAmount.amount': 'is an amount of another currency; Stars are 0',
};
