// Requests that named the message they reply to only by its id, later by its id and that of the topic's first message.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** The reply fields of a request in older layers. */
interface Replying {
  reply_to_msg_id?: number | undefined;
  /** The first message of a topic or of a thread. Given alone, it only says where the message is written. Layers before topics do not have it. */
  top_msg_id?: number | undefined;
}

/**
 * Moves the reply of a request into one field, as in the newest layer. A topic without a message that is replied to stays apart from a reply: one app sends the
 * topic 1 with each media message, also where there are no topics.
 */
function liftReply<T extends Replying>(o: T): Omit<T, keyof Replying> & { reply_to: tl.inputReplyToMessage | undefined } {
  const { reply_to_msg_id, top_msg_id, ...rest } = o;
  if (reply_to_msg_id === undefined && top_msg_id === undefined) return { ...rest, reply_to: undefined };
  const topic = top_msg_id === undefined ? {} : { top_msg_id };
  return { ...rest, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: reply_to_msg_id ?? 0, ...topic } };
}

/** Clients before this field did not send a platform; the page that the bot opens gets this value. */
const UNKNOWN_PLATFORM = 'unknown';

export function liftSendMessage(o: old.messages_sendMessage_0d9d75a4 | old.messages_sendMessage_1cc20387): tl.messages.sendMessage {
  return { ...liftReply(o), _: 'messages.sendMessage' };
}

export function liftSendMedia(o: old.messages_sendMedia_e25ff8e0 | old.messages_sendMedia_7547c966): tl.messages.sendMedia {
  return { ...liftReply(o), _: 'messages.sendMedia' };
}

export function liftSendMultiMedia(o: old.messages_sendMultiMedia_f803138f | old.messages_sendMultiMedia_b6f11a1c): tl.messages.sendMultiMedia {
  return { ...liftReply(o), _: 'messages.sendMultiMedia' };
}

export function liftSendInlineBotResult(o: old.messages_sendInlineBotResult_7aa11297 | old.messages_sendInlineBotResult_d3fbdccb): tl.messages.sendInlineBotResult {
  return { ...liftReply(o), _: 'messages.sendInlineBotResult' };
}

export function liftSaveDraft(o: old.messages_saveDraft_bc39e14b | old.messages_saveDraft_b4331e3f): tl.messages.saveDraft {
  return { ...liftReply(o), _: 'messages.saveDraft' };
}

export function liftSendScreenshotNotification(o: old.messages_sendScreenshotNotification_c97df020): tl.messages.sendScreenshotNotification {
  const { peer, reply_to_msg_id, random_id } = o;
  return { _: 'messages.sendScreenshotNotification', peer, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id }, random_id };
}

export function liftRequestWebView(o: old.messages_requestWebView_91b15831 | old.messages_requestWebView_178b480b): tl.messages.requestWebView {
  return { platform: UNKNOWN_PLATFORM, ...liftReply(o), _: 'messages.requestWebView' };
}

export function liftProlongWebView(o: old.messages_prolongWebView_ea5fbcce | old.messages_prolongWebView_7ff34309): tl.messages.prolongWebView {
  return { ...liftReply(o), _: 'messages.prolongWebView' };
}
