import type { ChannelMemberRow, ChannelRow, ChatMemberRow, ChatRow } from '../src/chats/index.ts';

/**
 * A basic group of two members.
 * @param change overrides
 */
export const chatRow = (change: Partial<ChatRow>): ChatRow => ({
  chat_id: 10n,
  title: 'A chat',
  about: '',
  creator_id: 1n,
  date: 100,
  version: 1,
  members: 2,
  bots: 0,
  default_rights: 0,
  noforwards: false,
  deactivated: false,
  migrated_to: null,
  last_bot_id: null,
  photo_id: null,
  photo_stripped: null,
  photo_has_video: false,
  available_reactions: null,
  reactions_limit: null,
  ...change,
});

/** A member of that group. */
export const chatMember = (change: Partial<ChatMemberRow>): ChatMemberRow => ({
  chat_id: 10n,
  user_id: 2n,
  status: 'member',
  role: 'member',
  rank: '',
  inviter_id: 1n,
  date: 100,
  all_from: null,
  ...change,
});

/** A private supergroup of two members. */
export const channelRow = (change: Partial<ChannelRow>): ChannelRow => ({
  channel_id: 18n,
  kind: 'megagroup',
  title: 'A group',
  about: '',
  username: null,
  creator_id: 1n,
  date: 100,
  version: 1,
  flags: 0,
  default_rights: 0,
  slow_mode_seconds: 0,
  ttl_period: null,
  migrated_from_chat_id: null,
  color: null,
  profile_color: null,
  emoji_status_id: null,
  emoji_status_until: null,
  color_emoji_id: null,
  profile_color_emoji_id: null,
  main_tab: null,
  photo_id: null,
  photo_stripped: null,
  photo_has_video: false,
  available_reactions: null,
  linked_chat_id: null,
  link_number: 0,
  reactions_limit: null,
  verified: false,
  scam: false,
  fake: false,
  restriction_reason: null,
  restriction_text: null,
  members: 2,
  bots: 0,
  ...change,
});

/** A member of that supergroup. */
export const channelMember = (change: Partial<ChannelMemberRow>): ChannelMemberRow => ({
  channel_id: 18n,
  user_id: 2n,
  status: 'member',
  role: 'member',
  admin_rights: 0,
  rank: '',
  banned_rights: 0,
  until_date: 0,
  inviter_id: null,
  promoted_by: null,
  banned_by: null,
  banned_owner_id: null,
  date: 120,
  own_posts: 0,
  slow_mode_until: 0,
  send_as: null,
  hidden_max_id: 0,
  cleared_max_id: 0,
  has_left: false,
  all_from: null,
  ...change,
});
