import type { tl } from '@mtcute/core';
import type { GroupSettings } from '../../protocol/index.ts';

/** Reads the settings of a supergroup or channel. Pure. */
export const readSettings = (full: tl.RawChannelFull): GroupSettings => ({
  slowMode: full.slowmodeSeconds ?? 0,
  hidesHistory: full.hiddenPrehistory === true,
  hidesMembers: full.participantsHidden === true,
  admins: full.adminsCount,
  removed: full.kickedCount,
  restricted: full.bannedCount,
});

/** Reads the settings of a basic group, which has few: nobody sees there what was written before they came. Pure. */
export function readGroupSettings(full: tl.TypeChatFull): GroupSettings {
  const all = full._ === 'chatFull' && full.participants._ === 'chatParticipants' ? full.participants.participants : [];
  return { slowMode: 0, hidesHistory: true, hidesMembers: false, admins: all.filter(({ _ }) => _ !== 'chatParticipant').length };
}
