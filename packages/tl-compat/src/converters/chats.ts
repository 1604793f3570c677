import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** In old layers only groups and channels had calls, and both were named by their bare id. */
export function bareChatId(peer: tl.Peer | undefined): bigint | undefined {
  if (peer?._ === 'peerChat') return peer.chat_id;
  return peer?._ === 'peerChannel' ? peer.channel_id : undefined;
}

/** Themes were named by their emoji before gifts could be themes too. */
export function themeEmoticon(theme: tl.ChatTheme | undefined): string | undefined {
  return theme?._ === 'chatTheme' ? theme.emoticon : undefined;
}

/** A call outside a group has no old form. */
export function lowerUpdateGroupCall(o: tl.updateGroupCall): old.updateGroupCall_14b24500 | undefined {
  const chat_id = bareChatId(o.peer);
  return chat_id === undefined ? undefined : { _: 'updateGroupCall#14b24500', chat_id, call: o.call };
}
