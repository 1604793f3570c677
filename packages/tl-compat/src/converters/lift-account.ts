// Requests about one's own account, and others outside chats.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** In old layers e-mail addresses were only verified for Telegram Passport. */
export function liftSendVerifyEmailCode(o: old.account_sendVerifyEmailCode_7011509f): tl.account.sendVerifyEmailCode {
  return { _: 'account.sendVerifyEmailCode', purpose: { _: 'emailVerifyPurposePassport' }, email: o.email };
}

export function liftVerifyEmail(o: old.account_verifyEmail_ecba39db): tl.account.verifyEmail {
  return { _: 'account.verifyEmail', purpose: { _: 'emailVerifyPurposePassport' }, verification: { _: 'emailVerificationCode', code: o.code } };
}

export function liftUpdateColor(o: old.account_updateColor_7cefa15d): tl.account.updateColor {
  const { for_profile, color, background_emoji_id } = o;
  if (color === undefined && background_emoji_id === undefined) return { _: 'account.updateColor', for_profile };
  return { _: 'account.updateColor', for_profile, color: { _: 'peerColor', color, background_emoji_id } };
}

export function liftUpdateConnectedBot(o: old.account_updateConnectedBot_43d8521d): tl.account.updateConnectedBot {
  const { deleted, can_reply, bot, recipients } = o;
  return { _: 'account.updateConnectedBot', deleted, bot, recipients, rights: can_reply ? { _: 'businessBotRights', reply: true } : undefined };
}

/** There is no hash: the answer is always the whole config. */
export function liftGetAppConfig(): tl.help.getAppConfig {
  return { _: 'help.getAppConfig', hash: 0 };
}

export function liftGetIsPremiumRequired(o: old.users_getIsPremiumRequiredToContact_a622aa10): tl.users.getRequirementsToContact {
  return { _: 'users.getRequirementsToContact', id: o.id };
}

export function liftAddNoPaidMessagesException({ refund_charged, user_id }: old.account_addNoPaidMessagesException_6f688aa7): tl.account.toggleNoPaidMessagesException {
  return { _: 'account.toggleNoPaidMessagesException', refund_charged, user_id };
}

/** Offsets are strings now; the first page was 0. `fields.ts` converts the returned offset back to a number. */
export function liftGetUniqueGiftChatThemes({ offset, limit, hash }: old.account_getUniqueGiftChatThemes_fe74ef9f): tl.account.getUniqueGiftChatThemes {
  return { _: 'account.getUniqueGiftChatThemes', offset: offset === 0 ? '' : String(offset), limit, hash };
}
