import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

const DAYS_A_MONTH = 30;

/** Gifts are counted in days now, and were in months. */
export function monthsOf(days: number): number {
  return Math.max(1, Math.round(days / DAYS_A_MONTH));
}

/** Replies to stories, and to what has no id here, cannot be told: the message then goes without a header. */
export function lowerReplyHeader(o: tl.messageReplyHeader): old.messageReplyHeader_a6d57763 | undefined {
  if (o.reply_to_msg_id === undefined) return undefined;
  return { ...o, _: 'messageReplyHeader#a6d57763', reply_to_msg_id: o.reply_to_msg_id };
}

export function lowerDraft(o: tl.draftMessage): old.draftMessage_fd8e711f {
  const { no_webpage, message, entities, date, reply_to } = o;
  const reply_to_msg_id = reply_to?._ === 'inputReplyToMessage' ? reply_to.reply_to_msg_id : undefined;
  return { _: 'draftMessage#fd8e711f', no_webpage, message, entities, date, reply_to_msg_id };
}

export function lowerBotAllowed(o: tl.messageActionBotAllowed): old.messageActionBotAllowed_abe9affe | tl.messageActionEmpty {
  if (o.domain === undefined) return { _: 'messageActionEmpty' };
  return { _: 'messageActionBotAllowed#abe9affe', domain: o.domain };
}

export function lowerGiftPremium198(o: tl.messageActionGiftPremium): old.messageActionGiftPremium_6c6274fa {
  return { ...o, _: 'messageActionGiftPremium#6c6274fa', months: monthsOf(o.days) };
}

export function lowerGiftPremium144(o: tl.messageActionGiftPremium): old.messageActionGiftPremium_aba0f5c6 {
  return { _: 'messageActionGiftPremium#aba0f5c6', currency: o.currency, amount: o.amount, months: monthsOf(o.days) };
}

export function lowerGiftCode(o: tl.messageActionGiftCode): old.messageActionGiftCode_56d03994 {
  return { ...o, _: 'messageActionGiftCode#56d03994', months: monthsOf(o.days) };
}

export function lowerSetChatTheme(o: tl.messageActionSetChatTheme): old.messageActionSetChatTheme_aa786345 | tl.messageActionEmpty {
  if (o.theme._ !== 'chatTheme') return { _: 'messageActionEmpty' };
  return { _: 'messageActionSetChatTheme#aa786345', emoticon: o.theme.emoticon };
}
