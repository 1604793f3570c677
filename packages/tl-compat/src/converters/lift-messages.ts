// Other requests about messages.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

function emoji(emoticon: string): tl.Reaction {
  return emoticon === '' ? { _: 'reactionEmpty' } : { _: 'reactionEmoji', emoticon };
}

export function liftSendReaction(o: old.messages_sendReaction_25690ce4): tl.messages.sendReaction {
  const { big, peer, msg_id, reaction } = o;
  return { _: 'messages.sendReaction', big, peer, msg_id, reaction: reaction === undefined ? undefined : [emoji(reaction)] };
}

export function liftGetMessageReactionsList(o: old.messages_getMessageReactionsList_e0ee6b77): tl.messages.getMessageReactionsList {
  const { reaction, ...rest } = o;
  return { ...rest, _: 'messages.getMessageReactionsList', reaction: reaction === undefined ? undefined : emoji(reaction) };
}

export function liftSetChatAvailableReactions(o: old.messages_setChatAvailableReactions_14050ea6): tl.messages.setChatAvailableReactions {
  const available_reactions: tl.ChatReactions = o.available_reactions.length === 0
    ? { _: 'chatReactionsNone' } : { _: 'chatReactionsSome', reactions: o.available_reactions.map(emoji) };
  return { _: 'messages.setChatAvailableReactions', peer: o.peer, available_reactions };
}

export function liftSetDefaultReaction(o: old.messages_setDefaultReaction_d960c4d4): tl.messages.setDefaultReaction {
  return { _: 'messages.setDefaultReaction', reaction: emoji(o.reaction) };
}

function privacy(isPrivate: boolean): tl.PaidReactionPrivacy {
  return { _: isPrivate ? 'paidReactionPrivacyAnonymous' : 'paidReactionPrivacyDefault' };
}

export function liftSendPaidReaction(o: old.messages_sendPaidReaction_9dd6a67b): tl.messages.sendPaidReaction {
  return { ...o, _: 'messages.sendPaidReaction', private: o.private === undefined ? undefined : privacy(o.private) };
}

export function liftTogglePaidReactionPrivacy(o: old.messages_togglePaidReactionPrivacy_849ad397): tl.messages.togglePaidReactionPrivacy {
  return { ...o, _: 'messages.togglePaidReactionPrivacy', private: privacy(o.private) };
}

export function liftSetChatTheme(o: old.messages_setChatTheme_e63be13f): tl.messages.setChatTheme {
  const theme: tl.InputChatTheme = o.emoticon === '' ? { _: 'inputChatThemeEmpty' } : { _: 'inputChatTheme', emoticon: o.emoticon };
  return { _: 'messages.setChatTheme', peer: o.peer, theme };
}

export function liftGetPollResults(o: old.messages_getPollResults_73bb643b): tl.messages.getPollResults {
  return { _: 'messages.getPollResults', peer: o.peer, msg_id: o.msg_id, poll_hash: 0n };
}

/** The reason is now the option, as text: the name of the old constructor. */
export function liftReport(o: old.messages_report_8953ab4e): tl.messages.report {
  return { _: 'messages.report', peer: o.peer, id: o.id, option: Buffer.from(o.reason._), message: o.message };
}

export function liftReportStory({ peer, id, reason, message }: old.stories_report_1923fa8c): tl.stories.report {
  return { _: 'stories.report', peer, id, option: Buffer.from(reason._), message };
}

/** The tone was always one of the built-in ones. */
export function liftComposeMessageWithAi({ change_tone, ...rest }: old.messages_composeMessageWithAI_fd426afe): tl.messages.composeMessageWithAI {
  return { ...rest, _: 'messages.composeMessageWithAI', tone: change_tone === undefined ? undefined : { _: 'inputAiComposeToneDefault', tone: change_tone } };
}

export function liftRequestSimpleWebView(o: old.messages_requestSimpleWebView_6abb2f73): tl.messages.requestSimpleWebView {
  return { ...o, _: 'messages.requestSimpleWebView', platform: 'unknown' };
}

export function liftTranslateText(o: old.messages_translateText_24ce6dee): tl.messages.translateText {
  const { peer, msg_id, text, to_lang } = o;
  return {
    _: 'messages.translateText',
    peer,
    id: msg_id === undefined ? undefined : [msg_id],
    text: text === undefined ? undefined : [{ _: 'textWithEntities', text, entities: [] }],
    to_lang,
  };
}

/** Offsets are opaque now: after the first page a client only returns what it was given. */
export function liftGetMessagePublicForwards(o: old.stats_getMessagePublicForwards_5630281b): tl.stats.getMessagePublicForwards {
  const offset = o.offset_id === 0 ? '' : `${o.offset_rate}_${o.offset_id}`;
  return { _: 'stats.getMessagePublicForwards', channel: o.channel, msg_id: o.msg_id, offset, limit: o.limit };
}

/** A single peer was sent where now several are possible. */
export function liftSendBotRequestedPeer(o: old.messages_sendBotRequestedPeer_fe38d01b): tl.messages.sendBotRequestedPeer {
  const { requested_peer, ...rest } = o;
  return { ...rest, _: 'messages.sendBotRequestedPeer', requested_peers: [requested_peer] };
}
