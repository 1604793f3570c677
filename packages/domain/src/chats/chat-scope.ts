import { type ChannelRow, type ChatRow, isChatRow } from './chat-row.ts';
import type { Chats } from './chats.ts';

/** The two kinds that settings and lists tell apart: groups of any size, and broadcast channels. */
export type ChatScope = 'chats' | 'broadcasts';

/** The scope of a group or channel. Pure. */
export function scopeOf(row: ChatRow | ChannelRow): ChatScope {
  return !isChatRow(row) && row.kind === 'broadcast' ? 'broadcasts' : 'chats';
}

/** Finds the scopes of groups and channels, by marked id; users and ids without a row are left out. */
export async function findScopes(chats: Pick<Chats, 'findRows'>, markedIds: Iterable<bigint>): Promise<Map<bigint, ChatScope>> {
  const rows = await chats.findRows([...markedIds].filter((id) => id < 0n));
  return new Map([...rows].map(([id, row]) => [id, scopeOf(row)]));
}

/** Finds the scopes of those groups and channels, by marked id, that the user is in now. */
export async function findJoinedScopes(
  chats: Pick<Chats, 'findRows' | 'findMember'>,
  userId: bigint,
  markedIds: Iterable<bigint>,
): Promise<Map<bigint, ChatScope>> {
  const scopes = await findScopes(chats, markedIds);
  const members = await Promise.all([...scopes.keys()].map((id) => chats.findMember(id, userId)));
  return new Map([...scopes].filter((_, at) => members[at]?.status === 'member'));
}
