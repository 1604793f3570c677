import type { tl } from '@mtcute/core';
import type { LogEvent, LoggedMessage, LogKind, LogWhat, MemberRight, PeerId } from '../../protocol/index.ts';
import { readAdminRights } from './admin-rights.ts';
import { channelPeer, peerIdOf, userPeer } from './ids.ts';
import { readForbidden } from './member-rights.ts';
import { readMessage, snippetOf } from './message.ts';

type Action<Kind extends tl.TypeChannelAdminLogEventAction['_']> = Extract<tl.TypeChannelAdminLogEventAction, { _: Kind }>;
type Read = Omit<LogEvent, 'id' | 'date' | 'by'>;

/** Which events the server is asked for. */
const FILTERS: Readonly<Record<LogKind, (keyof Omit<tl.RawChannelAdminLogEventsFilter, '_'>)[]>> = {
  people: ['join', 'leave', 'invite'],
  restrictions: ['ban', 'unban', 'kick', 'unkick'],
  admins: ['promote', 'demote', 'editRank'],
  info: ['info'],
  settings: ['settings'],
  links: ['invites'],
  pinned: ['pinned'],
  edited: ['edit'],
  deleted: ['delete'],
  topics: ['forums'],
};

/** Writes which events are wanted. Pure. */
export const writeLogFilter = (kinds: readonly LogKind[]): tl.RawChannelAdminLogEventsFilter => ({
  _: 'channelAdminLogEventsFilter',
  ...Object.fromEntries(kinds.flatMap((kind) => FILTERS[kind]).map((flag) => [flag, true])),
});

const userOf = (participant: tl.TypeChannelParticipant): PeerId => ('userId' in participant ? userPeer(participant.userId) : peerIdOf(participant.peer));

const rightsOf = (participant: tl.TypeChannelParticipant): tl.TypeChatBannedRights | undefined => (participant._ === 'channelParticipantBanned' ? participant.bannedRights : undefined);

/** What one list has that the other has not. Pure. */
const without = <Item>(items: readonly Item[], others: readonly Item[]): Item[] => items.filter((item) => !others.includes(item));

function readBan({ prevParticipant: was, newParticipant: is }: Action<'channelAdminLogEventActionParticipantToggleBan'>): Read {
  const user = userOf(is);
  const [before, after] = [rightsOf(was), rightsOf(is)];
  if (after?.viewMessages) return { what: 'remove', user };
  if (before?.viewMessages) return { what: 'letBack', user };
  const [old, now]: MemberRight[][] = [readForbidden(before), readForbidden(after)];
  return { what: 'restrict', user, forbidden: without(now!, old!), allowed: without(old!, now!) };
}

function readAdmin({ prevParticipant: was, newParticipant: is }: Action<'channelAdminLogEventActionParticipantToggleAdmin'>): Read {
  const [before, after] = [was, is].map((participant) => ('adminRights' in participant ? readAdminRights(participant.adminRights) : undefined));
  const what: LogWhat = after === undefined ? 'dismiss' : before === undefined ? 'promote' : 'adminRights';
  return { what, user: userOf(is), gained: without(after ?? [], before ?? []), lost: what === 'dismiss' ? undefined : without(before ?? [], after ?? []) };
}

function readLogged(message: tl.TypeMessage, self: PeerId): LoggedMessage | undefined {
  const row = readMessage(message, self);
  return row && { ...snippetOf(row), text: row.text, isGone: row.service?.kind === 'historyCleared' };
}

const nameOfInvite = (invite: tl.TypeExportedChatInvite): string => (invite._ === 'chatInviteExported' ? (invite.title ?? invite.link.replace(/^https:\/\/t\.me/, '')) : '');
const titleOf = (topic: tl.TypeForumTopic | undefined): string | undefined => (topic?._ === 'forumTopic' ? topic.title : undefined);

/** Reads what was done. Pure. */
function readAction(action: tl.TypeChannelAdminLogEventAction, self: PeerId): Read {
  switch (action._) {
    case 'channelAdminLogEventActionChangeTitle':
      return { what: 'title', before: action.prevValue, after: action.newValue };
    case 'channelAdminLogEventActionChangeAbout':
      return { what: 'about', before: action.prevValue, after: action.newValue };
    case 'channelAdminLogEventActionChangeUsername':
      return { what: 'username', before: action.prevValue, after: action.newValue };
    case 'channelAdminLogEventActionParticipantEditRank':
      return { what: 'rank', user: userPeer(action.userId), before: action.prevRank, after: action.newRank };
    case 'channelAdminLogEventActionChangePhoto':
      return { what: action.newPhoto._ === 'photo' ? 'photo' : 'photoRemoved' };
    case 'channelAdminLogEventActionToggleSignatures':
      return { what: 'signatures', isOn: action.newValue };
    case 'channelAdminLogEventActionTogglePreHistoryHidden':
      return { what: 'history', isOn: action.newValue };
    case 'channelAdminLogEventActionToggleNoForwards':
      return { what: 'protect', isOn: action.newValue };
    case 'channelAdminLogEventActionToggleForum':
      return { what: 'forum', isOn: action.newValue };
    case 'channelAdminLogEventActionChangeLinkedChat':
      return action.newValue === 0 ? { what: 'unlinked' } : { what: 'linked', user: channelPeer(action.newValue) };
    case 'channelAdminLogEventActionDefaultBannedRights': {
      const [before, after] = [readForbidden(action.prevBannedRights), readForbidden(action.newBannedRights)];
      return { what: 'rights', forbidden: without(after, before), allowed: without(before, after) };
    }
    case 'channelAdminLogEventActionToggleSlowMode':
      return { what: 'slowMode', seconds: action.newValue };
    case 'channelAdminLogEventActionChangeHistoryTTL':
      return { what: 'lifetime', seconds: action.newValue };
    case 'channelAdminLogEventActionChangeAvailableReactions':
      return { what: 'reactions' };
    case 'channelAdminLogEventActionParticipantJoin':
      return { what: 'join' };
    case 'channelAdminLogEventActionParticipantLeave':
      return { what: 'leave' };
    case 'channelAdminLogEventActionParticipantJoinByInvite':
      return { what: 'joinByLink', after: nameOfInvite(action.invite) };
    case 'channelAdminLogEventActionParticipantJoinByRequest':
      return { what: 'joinByRequest', user: userPeer(action.approvedBy) };
    case 'channelAdminLogEventActionParticipantInvite':
      return { what: 'invite', user: userOf(action.participant) };
    case 'channelAdminLogEventActionParticipantToggleBan':
      return readBan(action);
    case 'channelAdminLogEventActionParticipantToggleAdmin':
      return readAdmin(action);
    case 'channelAdminLogEventActionUpdatePinned':
      return { what: action.message._ === 'message' && !action.message.pinned ? 'unpin' : 'pin', message: readLogged(action.message, self) };
    case 'channelAdminLogEventActionEditMessage':
      return { what: 'edit', message: readLogged(action.newMessage, self), messageBefore: readLogged(action.prevMessage, self) };
    case 'channelAdminLogEventActionDeleteMessage':
      return { what: 'delete', message: readLogged(action.message, self) };
    case 'channelAdminLogEventActionStopPoll':
      return { what: 'stopPoll', message: readLogged(action.message, self) };
    case 'channelAdminLogEventActionExportedInviteEdit':
      return { what: 'linkEdit', after: nameOfInvite(action.newInvite) };
    case 'channelAdminLogEventActionExportedInviteRevoke':
      return { what: 'linkRevoke', after: nameOfInvite(action.invite) };
    case 'channelAdminLogEventActionExportedInviteDelete':
      return { what: 'linkDelete', after: nameOfInvite(action.invite) };
    case 'channelAdminLogEventActionCreateTopic':
      return { what: 'topicCreate', after: titleOf(action.topic) };
    case 'channelAdminLogEventActionDeleteTopic':
      return { what: 'topicDelete', after: titleOf(action.topic) };
    case 'channelAdminLogEventActionEditTopic':
      return { what: 'topicEdit', before: titleOf(action.prevTopic), after: titleOf(action.newTopic) };
    case 'channelAdminLogEventActionPinTopic':
      return action.newTopic ? { what: 'topicPin', after: titleOf(action.newTopic) } : { what: 'topicUnpin', after: titleOf(action.prevTopic) };
    default:
      return { what: 'other' };
  }
}

/** Reads an event of the log of a supergroup or channel. Pure. @param self the account */
export const readLogEvent = ({ id, date, userId, action }: tl.RawChannelAdminLogEvent, self: PeerId): LogEvent => ({ id: id.toString(), date, by: userPeer(userId), ...readAction(action, self) });
