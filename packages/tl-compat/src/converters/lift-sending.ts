// Requests that named the message they reply to by its id alone.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

function replyTo(reply_to_msg_id: number | undefined): tl.inputReplyToMessage | undefined {
  return reply_to_msg_id === undefined ? undefined : { _: 'inputReplyToMessage', reply_to_msg_id };
}

/** Clients before this field named no platform; the page that the bot opens is told so. */
const UNKNOWN_PLATFORM = 'unknown';

export function liftSendMessage(o: old.messages_sendMessage_0d9d75a4): tl.messages.sendMessage {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.sendMessage', reply_to: replyTo(reply_to_msg_id) };
}

export function liftSendMedia(o: old.messages_sendMedia_e25ff8e0): tl.messages.sendMedia {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.sendMedia', reply_to: replyTo(reply_to_msg_id) };
}

export function liftSendMultiMedia(o: old.messages_sendMultiMedia_f803138f): tl.messages.sendMultiMedia {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.sendMultiMedia', reply_to: replyTo(reply_to_msg_id) };
}

export function liftSendInlineBotResult(o: old.messages_sendInlineBotResult_7aa11297): tl.messages.sendInlineBotResult {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.sendInlineBotResult', reply_to: replyTo(reply_to_msg_id) };
}

export function liftSaveDraft(o: old.messages_saveDraft_bc39e14b): tl.messages.saveDraft {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.saveDraft', reply_to: replyTo(reply_to_msg_id) };
}

export function liftSendScreenshotNotification(o: old.messages_sendScreenshotNotification_c97df020): tl.messages.sendScreenshotNotification {
  const { peer, reply_to_msg_id, random_id } = o;
  return { _: 'messages.sendScreenshotNotification', peer, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id }, random_id };
}

export function liftRequestWebView(o: old.messages_requestWebView_91b15831): tl.messages.requestWebView {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.requestWebView', platform: UNKNOWN_PLATFORM, reply_to: replyTo(reply_to_msg_id) };
}

export function liftProlongWebView(o: old.messages_prolongWebView_ea5fbcce): tl.messages.prolongWebView {
  const { reply_to_msg_id, ...rest } = o;
  return { ...rest, _: 'messages.prolongWebView', reply_to: replyTo(reply_to_msg_id) };
}
