import { homeDcOf } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

/** What stored names of tabs may be. */
const PROFILE_TABS: readonly tl.ProfileTab['_'][] = [
  'profileTabPosts', 'profileTabGifts', 'profileTabMedia', 'profileTabFiles', 'profileTabMusic', 'profileTabVoice', 'profileTabLinks', 'profileTabGifs',
];

/** The tab with which a profile page opens; undefined if none has been chosen. Pure. */
export function projectMainTab(name: string | null): tl.ProfileTab | undefined {
  const tab = PROFILE_TABS.find((known) => known === name);
  return tab && { _: tab };
}

/** A colour of the palettes; undefined if none has been chosen. Pure. */
export function projectColor(color: number | null, emojiId: bigint | null): tl.peerColor | undefined {
  return color === null && emojiId === null ? undefined : { _: 'peerColor', color: color ?? undefined, background_emoji_id: emojiId ?? undefined };
}

/** The colours of a name and of a profile page, and the custom emoji behind them. */
export interface ColorColumns {
  color: number | null;
  profile_color: number | null;
  color_emoji_id: bigint | null;
  profile_color_emoji_id: bigint | null;
}

/** The custom emoji beside a name. */
export interface StatusColumns {
  emoji_status_id: bigint | null;
  emoji_status_until: number | null;
}

/** The emoji status at a time; undefined if there is none, or none any more. Pure. */
export function projectEmojiStatus({ emoji_status_id: id, emoji_status_until: until }: StatusColumns, nowDate: number): tl.emojiStatus | undefined {
  return id === null || (until !== null && until <= nowDate) ? undefined : { _: 'emojiStatus', document_id: id, until: until ?? undefined };
}

/** What an update says of an emoji status. Pure. */
export const toldEmojiStatus = (columns: StatusColumns, nowDate: number): tl.EmojiStatus => projectEmojiStatus(columns, nowDate) ?? { _: 'emojiStatusEmpty' };

/** The columns with what the operator says of a user, group or channel. */
export interface MarkColumns {
  verified: boolean;
  scam: boolean;
  fake: boolean;
  restriction_reason: string | null;
  restriction_text: string | null;
}

/** What clients are told of the operator's marks. Pure. */
export function projectMarks({ verified, scam, fake, restriction_reason: reason, restriction_text }: MarkColumns): Pick<tl.user, 'verified' | 'scam' | 'fake' | 'restricted' | 'restriction_reason'> {
  const badge = { verified: verified || undefined, scam: scam || undefined, fake: fake || undefined };
  if (reason === null) return badge;
  return { ...badge, restricted: true, restriction_reason: [{ _: 'restrictionReason', platform: 'all', reason, text: restriction_text ?? '' }] };
}

/** The columns that say which photo stands beside the name of a user, group or channel. */
export interface PhotoColumns {
  photo_id: bigint | null;
  photo_stripped: Uint8Array | null;
  photo_has_video: boolean;
}

/** The columns for a photo; undefined: none. Pure. */
export function photoColumns(photo: tl.photo | undefined): PhotoColumns {
  return {
    photo_id: photo?.id ?? null,
    photo_stripped: photo?.sizes.find((size) => size._ === 'photoStrippedSize')?.bytes ?? null,
    photo_has_video: photo?.video_sizes !== undefined,
  };
}

/** What clients are told of the photo beside a name; undefined if there is none. Pure. */
export function projectPeerPhoto({ photo_id, photo_stripped, photo_has_video }: PhotoColumns): Omit<tl.chatPhoto, '_'> | undefined {
  if (photo_id === null) return undefined;
  return { has_video: photo_has_video || undefined, photo_id, stripped_thumb: photo_stripped ?? undefined, dc_id: homeDcOf(photo_id) ?? 0 };
}
