import type { tl } from '@aerogram/tl';

import type { JsonFields } from './json-fields.ts';

type Right = Exclude<keyof tl.chatAdminRights, '_'>;

/** The fields of ChatAdministratorRights. `can_manage_voice_chats` is the old name of another one. */
const RIGHTS = {
  is_anonymous: 'anonymous',
  can_manage_chat: 'other',
  can_delete_messages: 'delete_messages',
  can_manage_video_chats: 'manage_call',
  can_manage_voice_chats: 'manage_call',
  can_restrict_members: 'ban_users',
  can_promote_members: 'add_admins',
  can_change_info: 'change_info',
  can_invite_users: 'invite_users',
  can_post_messages: 'post_messages',
  can_edit_messages: 'edit_messages',
  can_pin_messages: 'pin_messages',
  can_manage_topics: 'manage_topics',
  can_post_stories: 'post_stories',
  can_edit_stories: 'edit_stories',
  can_delete_stories: 'delete_stories',
  can_manage_direct_messages: 'manage_direct_messages',
  can_manage_tags: 'manage_ranks',
} as const satisfies Record<string, Right>;

/** The rights that a ChatAdministratorRights object names. @throws BotError 400 if one is no boolean */
export function readAdminRights(fields: JsonFields): tl.chatAdminRights {
  const rights: tl.chatAdminRights = { _: 'chatAdminRights' };
  for (const [name, right] of Object.entries(RIGHTS)) if (fields.bool(name)) rights[right] = true;
  return rights;
}
