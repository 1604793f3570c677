import { expect, test } from 'vitest';

import {
  AdminRight,
  ALL_ADMIN_RIGHTS,
  ALL_BANNED_RIGHTS,
  BannedRight,
  CHAT_ACTIONS,
  CHAT_ADMIN_RIGHTS,
  type ChatAction,
  type ChatKind,
  findRefusal,
  type Standing,
} from '../src/chats/index.ts';

/**
 * Who may do what, as the product promises it. The columns: the action; basic groups and supergroups; gigagroups; broadcast channels; the
 * error for a member who may not. "members -x" are members to whom the right x is not forbidden, "admins +x" are admins who have the right x.
 * The creator may do everything, except where the column says "nobody".
 */
const PROMISED = `
send_plain             | members -send_plain, admins                  | admins                 | admins +post_messages          | CHAT_SEND_PLAIN_FORBIDDEN
send_photos            | members -send_photos, admins                 | admins                 | admins +post_messages          | CHAT_SEND_PHOTOS_FORBIDDEN
send_videos            | members -send_videos, admins                 | admins                 | admins +post_messages          | CHAT_SEND_VIDEOS_FORBIDDEN
send_roundvideos       | members -send_roundvideos, admins            | admins                 | admins +post_messages          | CHAT_SEND_ROUNDVIDEOS_FORBIDDEN
send_audios            | members -send_audios, admins                 | admins                 | admins +post_messages          | CHAT_SEND_AUDIOS_FORBIDDEN
send_voices            | members -send_voices, admins                 | admins                 | admins +post_messages          | CHAT_SEND_VOICES_FORBIDDEN
send_docs              | members -send_docs, admins                   | admins                 | admins +post_messages          | CHAT_SEND_DOCS_FORBIDDEN
send_stickers          | members -send_stickers, admins               | admins                 | admins +post_messages          | CHAT_SEND_STICKERS_FORBIDDEN
send_gifs              | members -send_gifs, admins                   | admins                 | admins +post_messages          | CHAT_SEND_GIFS_FORBIDDEN
send_games             | members -send_games, admins                  | admins                 | admins +post_messages          | CHAT_SEND_GAME_FORBIDDEN
send_inline            | members -send_inline, admins                 | admins                 | admins +post_messages          | CHAT_SEND_INLINE_FORBIDDEN
send_polls             | members -send_polls, admins                  | admins                 | admins +post_messages          | CHAT_SEND_POLL_FORBIDDEN
embed_links            | members -embed_links, admins                 | admins                 | admins +post_messages          | CHAT_SEND_WEBPAGE_FORBIDDEN
send_reactions         | members -send_reactions, admins              | members, admins        | members, admins                | CHAT_WRITE_FORBIDDEN
change_info            | members -change_info, admins +change_info    | admins +change_info    | admins +change_info            | CHAT_ADMIN_REQUIRED
invite_users           | members -invite_users, admins +invite_users  | admins +invite_users   | admins +invite_users           | CHAT_ADMIN_REQUIRED
pin_messages           | members -pin_messages, admins +pin_messages  | admins +pin_messages   | admins +edit_messages          | CHAT_ADMIN_REQUIRED
manage_topics          | members -manage_topics, admins +manage_topics | admins +manage_topics | nobody                         | CHAT_ADMIN_REQUIRED
manage_topics_of_all   | admins +manage_topics                        | admins +manage_topics  | nobody                         | CHAT_ADMIN_REQUIRED
manage_linked_peers    | members -manage_linked_peers, admins +manage_linked_peers | admins +manage_linked_peers | admins +manage_linked_peers | CHAT_ADMIN_REQUIRED
edit_own_rank          | members -edit_rank, admins                   | admins                 | nobody                         | CHAT_ADMIN_REQUIRED
manage_ranks           | admins +manage_ranks                         | admins +manage_ranks   | nobody                         | CHAT_ADMIN_REQUIRED
add_admins             | admins +add_admins                           | admins +add_admins     | admins +add_admins             | CHAT_ADMIN_REQUIRED
manage_invites         | admins +invite_users                         | admins +invite_users   | admins +invite_users           | CHAT_ADMIN_REQUIRED
manage_invites_of_all  | creator                                      | creator                | creator                        | CHAT_ADMIN_REQUIRED
ban_users              | admins +ban_users                            | admins +ban_users      | admins +ban_users              | CHAT_ADMIN_REQUIRED
delete_messages        | admins +delete_messages                      | admins +delete_messages | admins +delete_messages       | MESSAGE_DELETE_FORBIDDEN
edit_messages          | nobody                                       | nobody                 | admins +edit_messages          | MESSAGE_AUTHOR_REQUIRED
manage_call            | admins +manage_call                          | admins +manage_call    | admins +manage_call            | CHAT_ADMIN_REQUIRED
post_stories           | admins +post_stories                         | admins +post_stories   | admins +post_stories           | CHAT_ADMIN_REQUIRED
edit_stories           | admins +edit_stories                         | admins +edit_stories   | admins +edit_stories           | CHAT_ADMIN_REQUIRED
delete_stories         | admins +delete_stories                       | admins +delete_stories | admins +delete_stories         | CHAT_ADMIN_REQUIRED
manage_direct_messages | nobody                                       | nobody                 | admins +manage_direct_messages | CHAT_ADMIN_REQUIRED
view_members           | members, admins                              | members, admins        | admins                         | CHAT_ADMIN_REQUIRED
view_admin_log         | admins                                       | admins                 | admins                         | CHAT_ADMIN_REQUIRED
hide_history           | admins +change_info                          | admins +change_info    | admins +change_info            | CHAT_ADMIN_REQUIRED
link_discussion        | admins +pin_messages                         | admins +pin_messages   | admins +change_info            | CHAT_ADMIN_REQUIRED
transfer               | creator                                      | creator                | creator                        | CHAT_ADMIN_REQUIRED
convert_to_gigagroup   | creator                                      | creator                | creator                        | CHAT_ADMIN_REQUIRED
delete_chat            | creator                                      | creator                | creator                        | CHAT_ADMIN_REQUIRED
set_username           | creator                                      | creator                | creator                        | CHAT_ADMIN_REQUIRED
migrate                | creator                                      | nobody                 | nobody                         | CHAT_ADMIN_REQUIRED
toggle_forum           | creator                                      | nobody                 | nobody                         | CHAT_ADMIN_REQUIRED
toggle_noforwards      | creator                                      | creator                | creator                        | CHAT_ADMIN_REQUIRED
`;

/** Who may perform an action in one kind of chat. */
interface Cell {
  /** Not even the creator may. */
  isForNobody: boolean;
  /** The bit that must not be forbidden to a member; 0: no bit matters; undefined: members may not. */
  member: number | undefined;
  /** The bit that an admin must have; 0: every admin may; undefined: admins may not. */
  admin: number | undefined;
}

const COLUMN: Record<ChatKind, number> = { chat: 1, megagroup: 1, gigagroup: 2, broadcast: 3 };
const rows = PROMISED.trim().split('\n').map((line) => line.split('|').map((text) => text.trim()));

function cellOf(text: string): Cell {
  const cell: Cell = { isForNobody: text === 'nobody', member: undefined, admin: undefined };
  for (const [who, right] of text.split(', ').map((part) => part.split(' '))) {
    if (who === 'members') cell.member = right === undefined ? 0 : BannedRight[right.slice(1) as keyof typeof BannedRight];
    if (who === 'admins') cell.admin = right === undefined ? 0 : AdminRight[right.slice(1) as keyof typeof AdminRight];
  }
  return cell;
}

const promised = new Map(rows.map(([action, ...cells]) => [action!, { cells: cells.slice(0, 3).map(cellOf), error: cells[3]! }]));
const SENDS = [...promised.keys()].filter((action) => (action.startsWith('send_') && action !== 'send_reactions') || action === 'embed_links');
const SEND_ALL = SENDS.reduce((all, right) => all | BannedRight[right as keyof typeof BannedRight], 0);

/** What somebody is answered who does this; undefined: they may. */
function expected({ kind, closed, open, status, comments, role, adminRights, defaultRights, bannedRights }: Standing, action: ChatAction): string | undefined {
  // Nobody sees a deleted channel or one from which they are banned; only members see a private one. Basic groups stay in everybody's own box.
  const seesNothing = status === 'left' && !open && (comments === undefined || action === 'view_messages');
  if (kind !== 'chat' && (closed || status === 'banned' || seesNothing)) return 'CHANNEL_PRIVATE';
  if (action === 'view_messages') return undefined;
  const { cells, error } = promised.get(action)!;
  const isWriting = SENDS.includes(action);
  // Who comments writes with the rights of a member, and does nothing else.
  const isComment = isWriting || action === 'send_reactions';
  if (comments === 'read' && isComment) return 'CHAT_GUEST_SEND_FORBIDDEN';
  const isIn = status === 'member' || (comments === 'write' && isComment);
  if (closed || !isIn) return kind === 'chat' || isComment ? 'CHAT_WRITE_FORBIDDEN' : error;
  const { isForNobody, member, admin } = cells[COLUMN[kind] - 1]!;
  if (!isForNobody && role === 'creator') return undefined;
  if (role === 'admin' && admin !== undefined && (admin & ~adminRights) === 0) return undefined;
  if (member !== undefined && (member & (defaultRights | bannedRights)) === 0) return undefined;
  if (!isWriting) return error;
  if (kind === 'broadcast') return 'CHAT_ADMIN_REQUIRED';
  if (kind === 'gigagroup') return 'CHAT_WRITE_FORBIDDEN';
  if ((SEND_ALL & ~defaultRights) === 0) return 'CHAT_WRITE_FORBIDDEN';
  return (SEND_ALL & ~bannedRights) === 0 ? 'USER_BANNED_IN_CHANNEL' : error;
}

const ADMIN_BITS = [0, ALL_ADMIN_RIGHTS, CHAT_ADMIN_RIGHTS, ...Object.values(AdminRight), ...Object.values(AdminRight).map((bit) => ALL_ADMIN_RIGHTS & ~bit)];
const BANNED_BITS = [0, ALL_BANNED_RIGHTS, SEND_ALL, ...Object.values(BannedRight)];
/** What is forbidden to all members, and what to this one: everything singly, and in pairs. */
const ALL_PAIRS = BANNED_BITS.flatMap((first) => BANNED_BITS.map((second) => [first, second] as const));
/** For admins, restrictions hardly matter. */
const FEW_PAIRS = BANNED_BITS.flatMap((bits) => [[bits, 0], [0, bits]] as const);

const ROLES: { role: Standing['role']; adminRights: readonly number[]; restrictions: readonly (readonly [number, number])[] }[] = [
  { role: 'member', adminRights: [0], restrictions: ALL_PAIRS },
  { role: 'admin', adminRights: ADMIN_BITS, restrictions: FEW_PAIRS },
  { role: 'creator', adminRights: [ALL_ADMIN_RIGHTS], restrictions: FEW_PAIRS },
];

function* places(): Generator<Pick<Standing, 'kind' | 'closed' | 'open' | 'status' | 'comments'>> {
  for (const kind of ['chat', 'megagroup', 'gigagroup', 'broadcast'] as const) {
    for (const closed of [false, true]) {
      for (const open of kind === 'chat' ? [false] : [false, true]) {
        for (const status of ['member', 'left', 'banned'] as const) yield { kind, closed, open, status };
        if (kind !== 'megagroup' || closed) continue;
        for (const comments of ['read', 'write'] as const) yield { kind, closed, open, status: 'left', comments };
      }
    }
  }
}

test('what is promised names each action of the table once', () => {
  expect(rows).toHaveLength(promised.size);
  expect(new Set(['view_messages', ...promised.keys()])).toEqual(new Set(CHAT_ACTIONS));
  expect(SENDS).toHaveLength(13);
});

test('the table allows and refuses what is promised, for every role, right, restriction, kind of chat and action', () => {
  let count = 0;
  for (const place of places()) {
    for (const { role, adminRights, restrictions } of ROLES) {
      // Who is no member has no role.
      if (place.comments !== undefined && role !== 'member') continue;
      for (const rights of adminRights) {
        for (const [defaultRights, bannedRights] of restrictions) {
          const standing: Standing = { ...place, role, adminRights: rights, defaultRights, bannedRights };
          for (const action of CHAT_ACTIONS) {
            count++;
            const answer = findRefusal(standing, action);
            if (answer !== expected(standing, action)) expect.fail(`${action}: ${answer ?? 'allowed'}, not ${expected(standing, action) ?? 'allowed'}, for ${JSON.stringify(standing)}`);
          }
        }
      }
    }
  }
  expect(count).toBeGreaterThan(1_000_000);
});
