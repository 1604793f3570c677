import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, packDefaultRights, projectBannedRights } from '../chats/index.ts';
import { actionOfPhoto } from '../files/index.ts';
import { checkedGroupAbout, checkedTitle, setPhoto } from '../groups/index.ts';
import type { ChannelChange } from './channel-change.ts';

/** The intervals of slow mode that clients offer, in seconds; 0 turns it off. */
const SLOW_MODE_SECONDS = new Set([0, 5, 10, 30, 60, 300, 900, 3600]);

/** Changes the title, and says so in the channel. @throws RpcError 400 CHAT_TITLE_EMPTY, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function editTitle(channel: ChannelChange, title: string): tl.Update[] {
  const clean = checkedTitle(title);
  channel.check('change_info');
  if (channel.row.title === clean) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ title: clean });
  channel.say({ _: 'messageActionChatEditTitle', title: clean });
  return [];
}

/** Sets the photo, or removes it, and says so in the channel. @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export async function editPhoto(channel: ChannelChange, photo: tl.photo | undefined): Promise<tl.Update[]> {
  channel.check('change_info');
  const [before, after] = [channel.row.photo_id, photo?.id ?? null];
  if (before === after) throw rpcError('CHAT_NOT_MODIFIED');
  await setPhoto(channel, photo);
  const { msg_id: msgId } = channel.say(actionOfPhoto(photo));
  channel.note({ kind: 'photo', before, after, msgId });
  return [];
}

/** Changes the description. @throws RpcError 400 CHAT_ABOUT_TOO_LONG, CHAT_ABOUT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function editAbout(channel: ChannelChange, about: string): tl.Update[] {
  const clean = checkedGroupAbout(about);
  channel.check('change_info');
  if (channel.row.about === clean) throw rpcError('CHAT_ABOUT_NOT_MODIFIED');
  channel.set({ about: clean });
  return [channel.changed()];
}

/** Sets what members of a supergroup may not do. @throws RpcError 400 BANNED_RIGHTS_INVALID, UNTIL_DATE_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function editDefaultRights(channel: ChannelChange, rights: tl.chatBannedRights): tl.Update[] {
  const default_rights = packDefaultRights(rights);
  channel.check('ban_users');
  const { row } = channel;
  if (row.kind === 'broadcast') throw rpcError('BANNED_RIGHTS_INVALID');
  if (row.default_rights === default_rights) throw rpcError('CHAT_NOT_MODIFIED');
  const version = row.version + 1;
  channel.set({ default_rights, version });
  const peer: tl.Peer = { _: 'peerChannel', channel_id: row.channel_id };
  return [channel.show({ _: 'updateChatDefaultBannedRights', peer, default_banned_rights: projectBannedRights(default_rights), version })];
}

/** Sets how long members of a supergroup wait between two messages. @throws RpcError 400 SECONDS_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function setSlowMode(channel: ChannelChange, seconds: number): tl.Update[] {
  channel.check('ban_users');
  if (channel.row.kind === 'broadcast' || !SLOW_MODE_SECONDS.has(seconds)) throw rpcError('SECONDS_INVALID');
  if (channel.row.slow_mode_seconds === seconds) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ slow_mode_seconds: seconds });
  return [channel.changed()];
}

/** Sets whether posts of a channel are signed, and link to their authors. @throws RpcError 400 CHANNEL_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function setSignatures(channel: ChannelChange, { shows, links }: { shows: boolean; links: boolean }): tl.Update[] {
  channel.check('change_info');
  const { row } = channel;
  if (row.kind !== 'broadcast') throw rpcError('CHANNEL_INVALID');
  const without = row.flags & ~(ChannelFlag.signatures | ChannelFlag.signatureProfiles);
  const flags = without | (shows ? ChannelFlag.signatures : 0) | (shows && links ? ChannelFlag.signatureProfiles : 0);
  if (flags === row.flags) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ flags });
  return [channel.changed()];
}

/** Protects the content of a channel, so that nothing can be forwarded out of it, or ends the protection. @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
export function setProtection(channel: ChannelChange, enabled: boolean): tl.Update[] {
  channel.check('toggle_noforwards');
  const { flags: before } = channel.row;
  const flags = enabled ? before | ChannelFlag.noforwards : before & ~ChannelFlag.noforwards;
  if (flags === before) throw rpcError('CHAT_NOT_MODIFIED');
  channel.set({ flags });
  return [channel.changed()];
}
