import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BotEffect, orderBotEffects, selectBots } from '../bot-events/index.ts';
import { type ChatMemberRow, projectChatParticipant } from '../chats/index.ts';
import { shownInvite } from '../invites/index.ts';

/** A change of members of a basic group, as bots are told of it. */
export interface TellingOfMembers {
  tx: Tx;
  date: number;
  chatId: bigint;
  /** Who did it; 0 or less for the server itself. */
  actorId: bigint;
  /** Everybody who is in the group after the change. */
  members: readonly ChatMemberRow[];
  /** How many of them are bots. */
  bots: number;
  /** The links by which people come in by this change. */
  links: ReadonlyMap<bigint, tl.ExportedChatInvite>;
}

/**
 * Tells the bots that are admins of a basic group, and bots that come or go, what has changed about members. Without bots it reads nothing.
 * @param before the members before the change
 * @param saved the rows after it
 */
export async function tellBotsOfMembers(telling: TellingOfMembers, before: readonly ChatMemberRow[], saved: readonly ChatMemberRow[]): Promise<void> {
  const { tx, date, chatId, actorId, members, bots, links } = telling;
  if (bots === 0 && saved.every((row) => row.all_from === null)) return;
  const known = new Map(before.map((row) => [row.user_id, row]));
  const changes = saved.map((row) => ({ user_id: row.user_id, was: seen(known.get(row.user_id)), is: seen(row) }));
  const changed = changes.filter(({ was, is }) => was?._ !== is?._ || was?.rank !== is?.rank);
  if (changed.length === 0) return;
  const adminIds = new Set(members.filter((row) => row.role !== 'member').map((row) => row.user_id));
  const botIds = await selectBots(tx, [...new Set([...adminIds, ...changed.map(({ user_id }) => user_id)])]);
  const effects = changed.flatMap(({ user_id, was, is }): BotEffect[] => {
    const link = links.get(user_id);
    const actor_id = actorId <= 0n ? user_id : actorId;
    return botIds
      .filter((botId) => adminIds.has(botId) || botId === user_id)
      .map((botId) => {
        const invite = link && shownInvite({ viewerId: botId, creatorId: 0n }, link);
        return { botId, update: { _: 'updateChatParticipant', chat_id: chatId, date, actor_id, user_id, prev_participant: was, new_participant: is, invite, qts: 0 } };
      });
  });
  await orderBotEffects(tx, effects);
}

function seen(row: ChatMemberRow | undefined): tl.ChatParticipant | undefined {
  return row?.status === 'member' ? projectChatParticipant(row) : undefined;
}
