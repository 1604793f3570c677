import type { tl } from '@aerogram/tl';

import { type BotEffect, findBotsOfChannel, orderBotEffects } from '../bot-events/index.ts';
import { type ChannelMemberRow, type ChannelRow, isAnonymous, type Standing } from '../chats/index.ts';
import type { OpenBoxes } from '../events/index.ts';
import { shownInvite } from '../invites/index.ts';
import { ANONYMOUS_ADMIN_ID } from './author.ts';
import type { NotedEntry } from './change-log.ts';
import { projectLoggedMember } from './project-participant.ts';

/** A change of members of a channel, as bots are told of it. */
interface MembersChange extends Pick<OpenBoxes, 'tx' | 'date'> {
  /** The channel after the change. */
  row: ChannelRow;
  /** The standing of the actor, who may be hidden from bots that are no admins. */
  standing: Standing;
  /** What the change notes for the admin log, which says how people came in. */
  noted: readonly NotedEntry[];
}

/**
 * Tells the bots that are admins of a channel, and bots that are members or were, what has changed about members. A change that nobody sees is left out. Without bots it
 * reads nothing.
 * @param actorId who did it; 0 or less for the server itself
 * @param before the rows before the change
 * @param saved the rows after it
 */
export async function tellBotsOfMembers(channel: MembersChange, actorId: bigint, before: ReadonlyMap<bigint, ChannelMemberRow>, saved: readonly ChannelMemberRow[]): Promise<void> {
  const { tx, date, row: { channel_id: channelId, creator_id: creatorId, bots: count }, standing, noted } = channel;
  if (count === 0 && saved.every((row) => row.all_from === null)) return;
  const seenBy = (viewerId: bigint, row: ChannelMemberRow | undefined): tl.ChannelParticipant | undefined => {
    const shown = row && projectLoggedMember({ viewerId, creatorId }, row);
    return shown?._ === 'channelParticipantLeft' ? undefined : shown;
  };
  const changed = saved.filter((row) => !isSame(seenBy(0n, before.get(row.user_id)), seenBy(0n, row)));
  if (changed.length === 0) return;
  const bots = await findBotsOfChannel(tx, channelId, changed.map((row) => row.user_id));
  const effects: BotEffect[] = [];
  for (const row of changed) {
    const { user_id } = row;
    const entrance = entranceOf(noted, user_id);
    for (const botId of new Set([...bots.admins, ...(bots.changed.has(user_id) ? [user_id] : [])])) {
      const isHidden = isAnonymous(standing) && !bots.admins.has(botId) && botId !== actorId;
      const actor_id = actorId <= 0n ? user_id : isHidden ? ANONYMOUS_ADMIN_ID : actorId;
      const [prev_participant, new_participant] = [seenBy(botId, before.get(user_id)), seenBy(botId, isHidden ? masked(row, actorId) : row)];
      const invite = entrance?.link && shownInvite({ viewerId: botId, creatorId }, entrance.link);
      effects.push({
        botId,
        update: { _: 'updateChannelParticipant', via_chatlist: entrance?.isByFolder || undefined, channel_id: channelId, date, actor_id, user_id, prev_participant, new_participant, invite, qts: 0 },
      });
    }
  }
  await orderBotEffects(tx, effects);
}

/** How somebody came in by this change; undefined if not by a link, a folder or a request. The link of a folder leads to other chats, too, so bots are not shown it. Pure. */
function entranceOf(noted: readonly NotedEntry[], userId: bigint): { link?: tl.ExportedChatInvite; isByFolder: boolean } | undefined {
  for (const { entry, userId: enteredId } of noted) {
    if (enteredId !== userId || (entry.kind !== 'join_by_link' && entry.kind !== 'join_by_request')) continue;
    return entry.kind === 'join_by_link' && entry.isByFolder ? { isByFolder: true } : { link: entry.link, isByFolder: false };
  }
  return undefined;
}

/** A row that does not say who did it. */
function masked(row: ChannelMemberRow, actorId: bigint): ChannelMemberRow {
  const hide = (id: bigint | null): bigint | null => (id === actorId ? ANONYMOUS_ADMIN_ID : id);
  return { ...row, inviter_id: hide(row.inviter_id), promoted_by: hide(row.promoted_by), banned_by: hide(row.banned_by) };
}

function isSame(a: tl.ChannelParticipant | undefined, b: tl.ChannelParticipant | undefined): boolean {
  const write = (one: unknown): string | undefined => JSON.stringify(one, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return write(a) === write(b);
}
