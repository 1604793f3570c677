import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, type ChatAction } from '../chats/index.ts';
import type { ChannelChange } from './channel-change.ts';

/** Groups with fewer members than this cannot hide them; clients assume the same number. */
const HIDDEN_MEMBERS_MIN = 100;

/**
 * Hides the history from those who join from now on, or shows it to all. The history of a public group cannot be hidden.
 * @throws RpcError 400 CHANNEL_INVALID, CHAT_LINK_EXISTS, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED
 */
export function setHistoryHidden(channel: ChannelChange, isHidden: boolean): tl.Update[] {
  checkGroup(channel, 'hide_history');
  if (channel.row.username !== null) throw rpcError('CHAT_LINK_EXISTS');
  return setFlag(channel, ChannelFlag.hiddenPrehistory, isHidden);
}

/**
 * Hides from ordinary members who else is in a group, or shows it. Small groups cannot hide it, as clients expect.
 * @throws RpcError 400 CHANNEL_INVALID, PARTICIPANTS_TOO_FEW, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED
 */
export function setMembersHidden(channel: ChannelChange, isHidden: boolean): tl.Update[] {
  checkGroup(channel, 'ban_users');
  if (isHidden && channel.row.members < HIDDEN_MEMBERS_MIN) throw rpcError('PARTICIPANTS_TOO_FEW');
  return setFlag(channel, ChannelFlag.participantsHidden, isHidden);
}

/** Sets whether only members of a group may write in it. @throws RpcError 400 CHANNEL_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function setJoinToSend(channel: ChannelChange, enabled: boolean): tl.Update[] {
  checkGroup(channel, 'ban_users');
  return setFlag(channel, ChannelFlag.joinToSend, enabled);
}

/**
 * Sets whether admins have to let in those who want to join a public group.
 * @throws RpcError 400 CHANNEL_INVALID, CHAT_PUBLIC_REQUIRED, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED
 */
export function setJoinRequest(channel: ChannelChange, enabled: boolean): tl.Update[] {
  checkGroup(channel, 'ban_users');
  // What a group had set when it was public can still be taken back.
  if (enabled && channel.row.username === null) throw rpcError('CHAT_PUBLIC_REQUIRED');
  return setFlag(channel, ChannelFlag.joinRequest, enabled);
}

/**
 * Makes a gigagroup of a supergroup: it has no limit of members, and only admins write. It cannot be undone.
 * @param membersMin the group must have at least so many members
 * @throws RpcError 400 CHANNEL_INVALID, PARTICIPANTS_TOO_FEW, CHAT_ADMIN_REQUIRED
 */
export function makeGigagroup(channel: ChannelChange, membersMin: number): tl.Update[] {
  checkGroup(channel, 'convert_to_gigagroup');
  if (channel.row.members < membersMin) throw rpcError('PARTICIPANTS_TOO_FEW');
  channel.set({ kind: 'gigagroup', slow_mode_seconds: 0, version: channel.row.version + 1 });
  return [channel.changed()];
}

/** Sets a colour, or takes it away. @param color of the palette, which the caller has checked @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function setColor(channel: ChannelChange, which: 'color' | 'profile_color', color: number | null): tl.Update[] {
  channel.check('change_info');
  if (channel.row[which] === color) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ [which]: color });
  return [channel.changed()];
}

/** Sets the tab with which the profile opens. @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function setMainTab(channel: ChannelChange, tab: tl.ProfileTab): tl.Update[] {
  channel.check('change_info');
  if (channel.row.main_tab === tab._) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ main_tab: tab._ });
  return [channel.changed()];
}

/** Removes the emoji status. No channel can have one yet. @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function removeLook(channel: ChannelChange): never {
  channel.check('change_info');
  throw rpcError('CHAT_NOT_MODIFIED');
}

/** Checks a right, and that the channel is a supergroup that is no gigagroup. */
function checkGroup(channel: ChannelChange, action: ChatAction): void {
  channel.check(action);
  if (channel.row.kind !== 'megagroup') throw rpcError('CHANNEL_INVALID');
}

function setFlag(channel: ChannelChange, flag: number, isSet: boolean): tl.Update[] {
  const { flags } = channel.row;
  const wanted = isSet ? flags | flag : flags & ~flag;
  if (wanted === flags) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ flags: wanted });
  return [channel.changed()];
}
