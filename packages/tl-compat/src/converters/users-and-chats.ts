import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Stories of a peer were once told by their highest id alone. */
function maxStoryId(story: tl.RecentStory | undefined): number | undefined {
  return story?.max_id;
}

export function lowerUser(o: tl.user): old.user_4b46c37e {
  return { ...o, _: 'user#4b46c37e', stories_max_id: maxStoryId(o.stories_max_id) };
}

export function lowerChannel(o: tl.channel): old.channel_e00998b7 {
  return { ...o, _: 'channel#e00998b7', stories_max_id: maxStoryId(o.stories_max_id) };
}

/** Themes were named by their emoji before gifts could be themes too. */
function themeEmoticon(theme: tl.ChatTheme | undefined): string | undefined {
  return theme?._ === 'chatTheme' ? theme.emoticon : undefined;
}

export function lowerUserFull144(o: tl.userFull): old.userFull_c4b1fc3f {
  return { ...o, _: 'userFull#c4b1fc3f', theme_emoticon: themeEmoticon(o.theme) };
}

export function lowerUserFull198(o: tl.userFull): old.userFull_4d975bbc {
  return { ...o, _: 'userFull#4d975bbc', theme_emoticon: themeEmoticon(o.theme) };
}

/** One name then, many now: the first active one is the one that clients show. */
export function lowerUpdateUserName(o: tl.updateUserName): old.updateUserName_c3f202e0 {
  const { user_id, first_name, last_name, usernames } = o;
  return { _: 'updateUserName#c3f202e0', user_id, first_name, last_name, username: usernames.find((u) => u.active)?.username ?? '' };
}

export function lowerUpdatePeerBlocked(o: tl.updatePeerBlocked): old.updatePeerBlocked_246a4b22 {
  return { _: 'updatePeerBlocked#246a4b22', peer_id: o.peer_id, blocked: o.blocked === true };
}

export function lowerSendAsPeers(o: tl.channels.sendAsPeers): old.channels_sendAsPeers_8356cda9 {
  return { _: 'channels.sendAsPeers#8356cda9', peers: o.peers.map((p) => p.peer), chats: o.chats, users: o.users };
}
