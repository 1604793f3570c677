// Requests that named a channel and now name any peer, and others about channels.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

function peerOf(channel: tl.InputChannel): tl.InputPeer {
  switch (channel._) {
    case 'inputChannel': return { _: 'inputPeerChannel', channel_id: channel.channel_id, access_hash: channel.access_hash };
    case 'inputChannelFromMessage': return { _: 'inputPeerChannelFromMessage', peer: channel.peer, msg_id: channel.msg_id, channel_id: channel.channel_id };
    case 'inputChannelEmpty': return { _: 'inputPeerEmpty' };
  }
}

export function liftCreateForumTopic(o: old.channels_createForumTopic_f40c0224): tl.messages.createForumTopic {
  const { title, icon_color, icon_emoji_id, random_id, send_as } = o;
  return { _: 'messages.createForumTopic', peer: peerOf(o.channel), title, icon_color, icon_emoji_id, random_id, send_as };
}

export function liftDeleteTopicHistory(o: old.channels_deleteTopicHistory_34435f2d): tl.messages.deleteTopicHistory {
  return { _: 'messages.deleteTopicHistory', peer: peerOf(o.channel), top_msg_id: o.top_msg_id };
}

export function liftEditCreator(o: old.channels_editCreator_8f38cd1f): tl.messages.editChatCreator {
  return { _: 'messages.editChatCreator', peer: peerOf(o.channel), user_id: o.user_id, password: o.password };
}

export function liftEditForumTopic(o: old.channels_editForumTopic_f4dfa185): tl.messages.editForumTopic {
  const { topic_id, title, icon_emoji_id, closed, hidden } = o;
  return { _: 'messages.editForumTopic', peer: peerOf(o.channel), topic_id, title, icon_emoji_id, closed, hidden };
}

export function liftGetForumTopics(o: old.channels_getForumTopics_0de560d1): tl.messages.getForumTopics {
  const { q, offset_date, offset_id, offset_topic, limit } = o;
  return { _: 'messages.getForumTopics', peer: peerOf(o.channel), q, offset_date, offset_id, offset_topic, limit };
}

export function liftGetForumTopicsById(o: old.channels_getForumTopicsByID_b0831eb9): tl.messages.getForumTopicsByID {
  return { _: 'messages.getForumTopicsByID', peer: peerOf(o.channel), topics: o.topics };
}

export function liftReorderPinnedForumTopics(o: old.channels_reorderPinnedForumTopics_2950a18f): tl.messages.reorderPinnedForumTopics {
  return { _: 'messages.reorderPinnedForumTopics', force: o.force, peer: peerOf(o.channel), order: o.order };
}

export function liftUpdatePinnedForumTopic(o: old.channels_updatePinnedForumTopic_6c2d9026): tl.messages.updatePinnedForumTopic {
  return { _: 'messages.updatePinnedForumTopic', peer: peerOf(o.channel), topic_id: o.topic_id, pinned: o.pinned };
}

export function liftGetSponsoredMessages(o: old.channels_getSponsoredMessages_ec210fbf): tl.messages.getSponsoredMessages {
  return { _: 'messages.getSponsoredMessages', peer: peerOf(o.channel) };
}

export function liftViewSponsoredMessage(o: old.channels_viewSponsoredMessage_beaedb94): tl.messages.viewSponsoredMessage {
  return { _: 'messages.viewSponsoredMessage', random_id: o.random_id };
}

export function liftToggleForum(o: old.channels_toggleForum_a4298b29): tl.channels.toggleForum {
  return { _: 'channels.toggleForum', channel: o.channel, enabled: o.enabled, tabs: false };
}

export function liftToggleSignatures(o: old.channels_toggleSignatures_1f69b606): tl.channels.toggleSignatures {
  return { _: 'channels.toggleSignatures', channel: o.channel, signatures_enabled: o.enabled || undefined };
}

export function liftGetFutureCreatorAfterLeave(o: old.channels_getFutureCreatorAfterLeave_a00918af): tl.messages.getFutureChatCreatorAfterLeave {
  return { _: 'messages.getFutureChatCreatorAfterLeave', peer: peerOf(o.channel) };
}

export function liftClickSponsoredMessage185(o: old.channels_clickSponsoredMessage_18afbc93): tl.messages.clickSponsoredMessage {
  return { _: 'messages.clickSponsoredMessage', random_id: o.random_id };
}

export function liftClickSponsoredMessage189({ media, fullscreen, random_id }: old.channels_clickSponsoredMessage_01445d75): tl.messages.clickSponsoredMessage {
  return { _: 'messages.clickSponsoredMessage', media, fullscreen, random_id };
}

export function liftReportSponsoredMessage({ random_id, option }: old.channels_reportSponsoredMessage_af8ff6b9): tl.messages.reportSponsoredMessage {
  return { _: 'messages.reportSponsoredMessage', random_id, option };
}
