import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/**
 * Replies to messages without an id here cannot be expressed: the message is then sent without a header. In a topic it keeps the header that every message of the
 * topic has, because clients find the topic only by that.
 */
export function lowerReplyHeader(o: tl.messageReplyHeader): old.messageReplyHeader_a6d57763 | undefined {
  const { reply_to_scheduled, forum_topic, reply_to_msg_id, reply_to_peer_id, reply_to_top_id } = o;
  if (reply_to_msg_id === undefined) {
    return forum_topic && reply_to_top_id !== undefined ? { _: 'messageReplyHeader#a6d57763', forum_topic, reply_to_msg_id: reply_to_top_id } : undefined;
  }
  return { _: 'messageReplyHeader#a6d57763', reply_to_scheduled, forum_topic, reply_to_msg_id, reply_to_peer_id, reply_to_top_id };
}

export function lowerBotAllowed(o: tl.messageActionBotAllowed): old.messageActionBotAllowed_abe9affe | tl.messageActionEmpty {
  if (o.domain === undefined) return { _: 'messageActionEmpty' };
  return { _: 'messageActionBotAllowed#abe9affe', domain: o.domain };
}

export function lowerSetChatTheme(o: tl.messageActionSetChatTheme): old.messageActionSetChatTheme_aa786345 | tl.messageActionEmpty {
  if (o.theme._ !== 'chatTheme') return { _: 'messageActionEmpty' };
  return { _: 'messageActionSetChatTheme#aa786345', emoticon: o.theme.emoticon };
}

/** Only one peer could be requested. */
export function lowerRequestedPeer({ button_id, peers }: tl.messageActionRequestedPeer): old.messageActionRequestedPeer_fe77345d | tl.messageActionEmpty {
  const [peer] = peers;
  return peer === undefined ? { _: 'messageActionEmpty' } : { _: 'messageActionRequestedPeer#fe77345d', button_id, peer };
}
