import type { tl } from '@aerogram/tl';

import { FLAG_EVENTS, projectBannedRights } from '../chats/index.ts';
import { MessageFlag, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { shownInvite } from '../invites/index.ts';
import { type LogEntry, type LogEvent, type LoggedMember, projectHiddenPost, projectLoggedMember, projectPost, projectTopicFacts } from '../channel-state/index.ts';
import { toldEmojiStatus } from '../peers/index.ts';

/** Who reads a log, and of which channel. */
export interface LogViewer {
  viewerId: bigint;
  creatorId: bigint;
  /** Whether the viewer may see the content of a message. */
  maySee(post: PostRow): boolean;
  /** A photo that the channel had. @param msgId of the message that says that it was set or replaced */
  photoOf(id: bigint | null, msgId: number): tl.Photo;
  /** A sticker set that the channel had. */
  setOf(id: bigint | null): tl.InputStickerSet;
}

/** An event of the log as a viewer sees it. Pure. */
export function projectLogEvent(viewer: LogViewer, { eventId: id, date, userId: user_id, entry }: LogEvent): tl.channelAdminLogEvent {
  return { _: 'channelAdminLogEvent', id, date, user_id, action: projectAction(viewer, entry) };
}

const TEXT_ACTIONS = {
  title: 'channelAdminLogEventActionChangeTitle',
  about: 'channelAdminLogEventActionChangeAbout',
  username: 'channelAdminLogEventActionChangeUsername',
} as const;

/** Whether an edit has closed a poll. Pure. */
function endsPoll({ before, after }: { before: PostRow; after: PostRow }): boolean {
  const [was, is] = [before, after].map(({ extra }) => unpackMessageExtra(extra).media);
  return is?._ === 'messageMediaPoll' && is.poll.closed === true && was?._ === 'messageMediaPoll' && was.poll.closed !== true;
}

function projectAction(viewer: LogViewer, entry: LogEntry): tl.ChannelAdminLogEventAction {
  const member = (row: LoggedMember): tl.ChannelParticipant => projectLoggedMember(viewer, row);
  // The log does not show what was played.
  const message = (post: PostRow): tl.Message => (viewer.maySee(post) ? projectPost({ ...post, flags: post.flags & ~MessageFlag.mediaUnread }, viewer.viewerId) : projectHiddenPost(post));
  switch (entry.kind) {
    case 'title':
    case 'about':
    case 'username':
      return { _: TEXT_ACTIONS[entry.kind], prev_value: entry.before, new_value: entry.after };
    case 'photo':
      return { _: 'channelAdminLogEventActionChangePhoto', prev_photo: viewer.photoOf(entry.before, entry.msgId), new_photo: viewer.photoOf(entry.after, entry.msgId) };
    case 'linked_chat':
      return { _: 'channelAdminLogEventActionChangeLinkedChat', prev_value: entry.before ?? 0n, new_value: entry.after ?? 0n };
    case 'switch':
      return { _: FLAG_EVENTS[entry.name], new_value: entry.after };
    case 'default_rights':
      return { _: 'channelAdminLogEventActionDefaultBannedRights', prev_banned_rights: projectBannedRights(entry.before), new_banned_rights: projectBannedRights(entry.after) };
    case 'slow_mode':
      return { _: 'channelAdminLogEventActionToggleSlowMode', prev_value: entry.before, new_value: entry.after };
    case 'lifetime':
      return { _: 'channelAdminLogEventActionChangeHistoryTTL', prev_value: entry.before, new_value: entry.after };
    case 'color':
      return { _: 'channelAdminLogEventActionChangePeerColor', prev_value: peerColor(entry.before, entry.emojiBefore), new_value: peerColor(entry.after, entry.emojiAfter) };
    case 'profile_color':
      return { _: 'channelAdminLogEventActionChangeProfilePeerColor', prev_value: peerColor(entry.before, entry.emojiBefore), new_value: peerColor(entry.after, entry.emojiAfter) };
    case 'emoji_status':
      // Also one that is over is shown: it was set then.
      return { _: 'channelAdminLogEventActionChangeEmojiStatus', prev_value: toldEmojiStatus(entry.before, 0), new_value: toldEmojiStatus(entry.after, 0) };
    case 'sticker_set':
      return { _: 'channelAdminLogEventActionChangeStickerSet', prev_stickerset: viewer.setOf(entry.before), new_stickerset: viewer.setOf(entry.after) };
    case 'emoji_set':
      return { _: 'channelAdminLogEventActionChangeEmojiStickerSet', prev_stickerset: viewer.setOf(entry.before), new_stickerset: viewer.setOf(entry.after) };
    case 'reactions':
      return { _: 'channelAdminLogEventActionChangeAvailableReactions', prev_value: entry.before, new_value: entry.after };
    case 'join':
      return { _: 'channelAdminLogEventActionParticipantJoin' };
    case 'leave':
      return { _: 'channelAdminLogEventActionParticipantLeave' };
    case 'invite':
      return { _: 'channelAdminLogEventActionParticipantInvite', participant: member(entry.member) };
    case 'ban':
      return { _: 'channelAdminLogEventActionParticipantToggleBan', prev_participant: member(entry.before), new_participant: member(entry.after) };
    case 'admin':
      return { _: 'channelAdminLogEventActionParticipantToggleAdmin', prev_participant: member(entry.before), new_participant: member(entry.after) };
    case 'rank':
      return { _: 'channelAdminLogEventActionParticipantEditRank', user_id: entry.userId, prev_rank: entry.before, new_rank: entry.after };
    case 'pin':
      return { _: 'channelAdminLogEventActionUpdatePinned', message: message(entry.post) };
    case 'delete':
      return { _: 'channelAdminLogEventActionDeleteMessage', message: message(entry.post) };
    case 'edit':
      if (endsPoll(entry)) return { _: 'channelAdminLogEventActionStopPoll', message: message(entry.after) };
      return { _: 'channelAdminLogEventActionEditMessage', prev_message: message(entry.before), new_message: message(entry.after) };
    case 'link_edit':
      return { _: 'channelAdminLogEventActionExportedInviteEdit', prev_invite: shownInvite(viewer, entry.before), new_invite: shownInvite(viewer, entry.after) };
    case 'link_revoke':
      return { _: 'channelAdminLogEventActionExportedInviteRevoke', invite: shownInvite(viewer, entry.link) };
    case 'link_delete':
      return { _: 'channelAdminLogEventActionExportedInviteDelete', invite: shownInvite(viewer, entry.link) };
    case 'join_by_link':
      return { _: 'channelAdminLogEventActionParticipantJoinByInvite', via_chatlist: entry.isByFolder || undefined, invite: shownInvite(viewer, entry.link) };
    case 'join_by_request':
      return { _: 'channelAdminLogEventActionParticipantJoinByRequest', invite: shownInvite(viewer, entry.link), approved_by: entry.approvedBy };
    case 'topic_create':
      return { _: 'channelAdminLogEventActionCreateTopic', topic: projectTopicFacts(entry.topic, viewer.viewerId) };
    case 'topic_delete':
      return { _: 'channelAdminLogEventActionDeleteTopic', topic: projectTopicFacts(entry.topic, viewer.viewerId) };
    case 'topic_edit': {
      const [prev_topic, new_topic] = [projectTopicFacts(entry.before, viewer.viewerId), projectTopicFacts(entry.after, viewer.viewerId)];
      return { _: 'channelAdminLogEventActionEditTopic', prev_topic, new_topic };
    }
    case 'topic_pin': {
      const [prev_topic, new_topic] = [entry.before, entry.after].map((row) => row && projectTopicFacts(row, viewer.viewerId));
      return { _: 'channelAdminLogEventActionPinTopic', prev_topic, new_topic };
    }
  }
}

function peerColor(color: number | null, emojiId: bigint | null = null): tl.peerColor {
  return { _: 'peerColor', color: color ?? undefined, background_emoji_id: emojiId ?? undefined };
}
