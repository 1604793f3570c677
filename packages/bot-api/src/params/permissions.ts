import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

type Forbidden = Exclude<keyof tl.chatBannedRights, '_' | 'until_date'>;

/** The permissions to send files of different kinds. `can_send_media_messages` is the old name of all of them. */
const MEDIA = ['can_send_audios', 'can_send_documents', 'can_send_photos', 'can_send_videos', 'can_send_video_notes', 'can_send_voice_notes'] as const;

/** What is forbidden to those who do not have a permission, by the names of ChatPermissions. */
const FORBIDDEN = {
  can_send_messages: ['send_plain'],
  can_send_audios: ['send_audios'],
  can_send_documents: ['send_docs'],
  can_send_photos: ['send_photos'],
  can_send_videos: ['send_videos'],
  can_send_video_notes: ['send_roundvideos'],
  can_send_voice_notes: ['send_voices'],
  can_send_polls: ['send_polls'],
  can_send_other_messages: ['send_stickers', 'send_gifs', 'send_games', 'send_inline'],
  can_add_web_page_previews: ['embed_links'],
  can_react_to_messages: ['send_reactions'],
  can_change_info: ['change_info'],
  can_invite_users: ['invite_users'],
  can_edit_tag: ['edit_rank'],
  can_pin_messages: ['pin_messages'],
  can_manage_topics: ['manage_topics'],
} as const satisfies Record<string, readonly Forbidden[]>;

type Permission = keyof typeof FORBIDDEN;

const PERMISSIONS = Object.keys(FORBIDDEN) as Permission[];

/** The parameters of restrictChatMember from before there was an object of permissions. */
export const OLD_PERMISSION_PARAMS = ['can_send_messages', 'can_send_media_messages', 'can_send_other_messages', 'can_add_web_page_previews'] as const;

/** What these parameters say nothing about. It stays as it is. */
const UNTOLD = ['send_polls', 'change_info', 'invite_users', 'pin_messages'] as const satisfies readonly Forbidden[];

/**
 * Reads `permissions` as what is forbidden from now on, without an end.
 * @throws BotError 400 `can't parse permissions JSON object`, `object expected as permissions`, `can't parse chat permissions: …`
 */
export function readPermissions(params: Params<'permissions' | 'use_independent_chat_permissions'>): tl.chatBannedRights {
  const value = params.json('permissions', 'permissions');
  if (value === undefined) return forbid(new Set());
  if (!isJsonObject(value)) throw badRequest('object expected as permissions');
  const fields = new JsonFields(value, "can't parse chat permissions: ");
  const given = new Set(PERMISSIONS.filter((name) => fields.bool(name)));
  const isDefault = (name: Permission): boolean => !fields.has(name);
  const sendsMedia = fields.bool('can_send_media_messages');
  if (!params.bool('use_independent_chat_permissions')) addImplied(given, sendsMedia);
  if (isDefault('can_react_to_messages') && given.has('can_send_messages')) given.add('can_react_to_messages');
  for (const name of ['can_edit_tag', 'can_manage_topics'] as const) if (isDefault(name) && given.has('can_pin_messages')) given.add(name);
  return forbid(given);
}

/**
 * Reads the old parameters of restrictChatMember.
 * @param now what is forbidden to the member now; undefined if nothing is
 * @returns undefined if none of them is given
 */
export function readOldPermissions(params: Params<(typeof OLD_PERMISSION_PARAMS)[number]>, now: tl.chatBannedRights | undefined): tl.chatBannedRights | undefined {
  if (!OLD_PERMISSION_PARAMS.some((name) => params.has(name))) return undefined;
  // All of them together were how restrictions were ended.
  if (OLD_PERMISSION_PARAMS.every((name) => params.bool(name))) return forbid(new Set(PERMISSIONS));
  const given = new Set<Permission>();
  for (const name of OLD_PERMISSION_PARAMS) if (name !== 'can_send_media_messages' && params.bool(name)) given.add(name);
  addImplied(given, params.bool('can_send_media_messages'));
  if (given.has('can_send_messages')) given.add('can_react_to_messages');
  const rights = forbid(given);
  if (now !== undefined) for (const right of UNTOLD) rights[right] = now[right];
  return rights;
}

/** Adds the permissions that others include, unless they are set independently of each other. */
function addImplied(given: Set<Permission>, sendsMedia: boolean): void {
  if (sendsMedia || given.has('can_send_other_messages') || given.has('can_add_web_page_previews')) for (const name of ['can_send_messages', ...MEDIA] as const) given.add(name);
  if (given.has('can_send_polls')) given.add('can_send_messages');
}

function forbid(given: ReadonlySet<Permission>): tl.chatBannedRights {
  const rights: tl.chatBannedRights = { _: 'chatBannedRights', until_date: 0 };
  for (const name of PERMISSIONS) if (!given.has(name)) for (const right of FORBIDDEN[name]) rights[right] = true;
  return rights;
}
