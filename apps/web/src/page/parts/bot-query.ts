import type { AdminRight } from '../../protocol/index.ts';

/** What a link wants done with a bot: to start it, or to add it to a group or channel of one's own, perhaps as an admin. */
export type BotQuery = { kind: 'start'; param: string } | { kind: 'group'; param: string; rights: AdminRight[] } | { kind: 'channel'; rights: AdminRight[] };

/** What a bot can be started with. */
const START = /^[\w-]{1,64}$/;

/** The rights as links name them. @see https://core.telegram.org/api/links#groupchannel-bot-links */
const RIGHTS: Record<string, AdminRight> = {
  change_info: 'changeInfo',
  post_messages: 'postMessages',
  edit_messages: 'editMessages',
  delete_messages: 'deleteMessages',
  restrict_members: 'banUsers',
  invite_users: 'inviteUsers',
  pin_messages: 'pinMessages',
  promote_members: 'addAdmins',
  manage_video_chats: 'manageCall',
  anonymous: 'anonymous',
  manage_chat: 'other',
};

const FOR_CHANNELS = new Set<AdminRight>(['postMessages', 'editMessages']);
const FOR_GROUPS = new Set<AdminRight>(['pinMessages', 'anonymous', 'banUsers']);

/** Reads the query of a link to a bot. Pure. @returns undefined if it says nothing that is known */
export function readBotQuery(query: string): BotQuery | undefined {
  const said = new URLSearchParams(query);
  const start = said.get('start') ?? '';
  if (START.test(start)) return { kind: 'start', param: start };
  const group = said.get('startgroup');
  if (group === null && !said.has('startchannel')) return undefined;
  const elsewhere = group === null ? FOR_GROUPS : FOR_CHANNELS;
  // Links put `+` between the rights, which URLSearchParams reads as a space.
  const rights = [...new Set((said.get('admin') ?? '').split(' '))].flatMap((name) => (Object.hasOwn(RIGHTS, name) ? RIGHTS[name]! : [])).filter((right) => !elsewhere.has(right));
  return group === null ? { kind: 'channel', rights } : { kind: 'group', param: START.test(group) ? group : '', rights };
}

/** Writes such a query. Pure. */
export function writeBotQuery(query: BotQuery): string {
  if (query.kind === 'start') return `start=${query.param}`;
  const place = query.kind === 'channel' ? 'startchannel' : `startgroup${query.param === '' ? '' : `=${query.param}`}`;
  const names = Object.keys(RIGHTS).filter((name) => query.rights.includes(RIGHTS[name]!));
  return names.length === 0 ? place : `${place}&admin=${names.join('+')}`;
}
