import type { tl } from '@aerogram/tl';

/** Bits of `channel_members.admin_rights`. They are stored, so a bit must never change meaning. */
export const AdminRight = {
  change_info: 1,
  post_messages: 1 << 1,
  edit_messages: 1 << 2,
  delete_messages: 1 << 3,
  ban_users: 1 << 4,
  invite_users: 1 << 5,
  pin_messages: 1 << 7,
  add_admins: 1 << 9,
  anonymous: 1 << 10,
  manage_call: 1 << 11,
  other: 1 << 12,
  manage_topics: 1 << 13,
  post_stories: 1 << 14,
  edit_stories: 1 << 15,
  delete_stories: 1 << 16,
  manage_direct_messages: 1 << 17,
  manage_ranks: 1 << 18,
  manage_linked_peers: 1 << 19,
  manage_welcome_messages: 1 << 20,
} as const satisfies Record<Exclude<keyof tl.chatAdminRights, '_'>, number>;

export type AdminRightName = keyof typeof AdminRight;

/** The two TL flags that stand for several rights. They are not stored. */
type UmbrellaRight = 'send_messages' | 'send_media';

/**
 * Bits of the columns `default_rights` and `banned_rights`; a bit that is set forbids the action. They are stored, so a bit must never
 * change meaning.
 */
export const BannedRight = {
  view_messages: 1,
  send_stickers: 1 << 3,
  send_gifs: 1 << 4,
  send_games: 1 << 5,
  send_inline: 1 << 6,
  embed_links: 1 << 7,
  send_polls: 1 << 8,
  change_info: 1 << 10,
  invite_users: 1 << 15,
  pin_messages: 1 << 17,
  manage_topics: 1 << 18,
  send_photos: 1 << 19,
  send_videos: 1 << 20,
  send_roundvideos: 1 << 21,
  send_audios: 1 << 22,
  send_voices: 1 << 23,
  send_docs: 1 << 24,
  send_plain: 1 << 25,
  edit_rank: 1 << 26,
  send_reactions: 1 << 27,
  manage_linked_peers: 1 << 28,
} as const satisfies Record<Exclude<keyof tl.chatBannedRights, '_' | 'until_date' | UmbrellaRight>, number>;

export type BannedRightName = keyof typeof BannedRight;

const allOf = (bits: Record<string, number>): number => Object.values(bits).reduce((all, bit) => all | bit, 0);

/** All admin rights. */
export const ALL_ADMIN_RIGHTS = allOf(AdminRight);

/** Rights to do what this server cannot do yet: video chats, welcome messages, the direct messages of channels, stories. */
const FRUITLESS_RIGHTS =
  AdminRight.manage_call |
  AdminRight.manage_welcome_messages |
  AdminRight.manage_direct_messages |
  AdminRight.post_stories |
  AdminRight.edit_stories |
  AdminRight.delete_stories;

/** All rights that can be forbidden. */
export const ALL_BANNED_RIGHTS = allOf(BannedRight);

/** The rights that the TL flag `send_media` stands for. */
export const MEDIA_RIGHTS =
  BannedRight.send_photos |
  BannedRight.send_videos |
  BannedRight.send_roundvideos |
  BannedRight.send_audios |
  BannedRight.send_voices |
  BannedRight.send_docs;

/** The rights that the TL flag `send_messages` stands for. A member without any of them cannot write at all. */
export const SEND_RIGHTS =
  MEDIA_RIGHTS |
  BannedRight.send_plain |
  BannedRight.send_stickers |
  BannedRight.send_gifs |
  BannedRight.send_games |
  BannedRight.send_inline |
  BannedRight.send_polls |
  BannedRight.embed_links;

/** The rights of the admins of a basic group, who all have the same. */
export const CHAT_ADMIN_RIGHTS =
  AdminRight.change_info |
  AdminRight.delete_messages |
  AdminRight.ban_users |
  AdminRight.invite_users |
  AdminRight.pin_messages |
  AdminRight.manage_call |
  AdminRight.manage_ranks |
  AdminRight.other;

/** The `until_date` of a restriction without an end. */
export const FOREVER_DATE = 2 ** 31 - 1;

/** Packs the flags of a TL object into bits. */
function pack<N extends string>(bits: Record<N, number>, flags: Partial<Record<N, boolean | undefined>>): number {
  return (Object.keys(bits) as N[]).reduce((all, name) => (flags[name] === true ? all | bits[name] : all), 0);
}

/** Unpacks bits into the flags of a TL object; flags of unset bits are absent. */
function unpack<N extends string>(bits: Record<N, number>, value: number): Partial<Record<N, true>> {
  const flags: Partial<Record<N, true>> = {};
  for (const name of Object.keys(bits) as N[]) if ((value & bits[name]) !== 0) flags[name] = true;
  return flags;
}

/** Converts admin rights from a client to bits of {@link AdminRight}. Pure. */
export function packAdminRights(rights: tl.chatAdminRights): number {
  return pack<AdminRightName>(AdminRight, rights);
}

/** Converts bits of {@link AdminRight} to a TL object. Pure. */
export function projectAdminRights(bits: number): tl.chatAdminRights {
  return { _: 'chatAdminRights', ...unpack<AdminRightName>(AdminRight, bits) };
}

/**
 * The same for the admin who has the rights, by which apps choose their buttons: without those that would lead nowhere. They stay stored, and the list of admins shows
 * them. Pure.
 */
export function projectOwnAdminRights(bits: number): tl.chatAdminRights {
  return projectAdminRights(bits & ~FRUITLESS_RIGHTS);
}

/** Converts banned rights from a client to bits of {@link BannedRight}. Flags for several rights are expanded. Pure. */
export function packBannedRights(rights: tl.chatBannedRights): number {
  if (rights.view_messages === true) return ALL_BANNED_RIGHTS;
  const sends = rights.send_messages === true ? SEND_RIGHTS : 0;
  const media = rights.send_media === true ? MEDIA_RIGHTS : 0;
  return pack<BannedRightName>(BannedRight, rights) | sends | media;
}

/**
 * Converts bits of {@link BannedRight} to a TL object. The flags for several rights are set too, because old clients know only those. Pure.
 * @param untilDate end of the restriction in unix seconds; 0 for none
 */
export function projectBannedRights(bits: number, untilDate = 0): tl.chatBannedRights {
  const rights: tl.chatBannedRights = {
    _: 'chatBannedRights',
    ...unpack<BannedRightName>(BannedRight, bits),
    until_date: untilDate === 0 ? FOREVER_DATE : untilDate,
  };
  if ((bits & MEDIA_RIGHTS) === MEDIA_RIGHTS) rights.send_media = true;
  if ((bits & SEND_RIGHTS) === SEND_RIGHTS) rights.send_messages = true;
  return rights;
}
