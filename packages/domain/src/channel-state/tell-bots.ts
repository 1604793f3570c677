import type { tl } from '@aerogram/tl';

import { type BotEffect, findBotsOfChannel, orderBotEffects } from '../bot-events/index.ts';
import { type ChannelMemberRow, type ChannelRow, isAnonymous, type Standing } from '../chats/index.ts';
import type { OpenBoxes } from '../events/index.ts';
import { ANONYMOUS_ADMIN_ID } from './author.ts';
import { projectLoggedMember } from './project-participant.ts';

/** A change of members of a channel, as bots are told of it. */
interface MembersChange extends Pick<OpenBoxes, 'tx' | 'date'> {
  row: ChannelRow;
  /** The standing of the actor, who may be hidden from bots that are no admins. */
  standing: Standing;
}

/**
 * Tells the bots that are admins of a channel, and bots that are members or were, what has changed about members. A change that nobody sees is left out.
 * @param actorId who did it; 0 or less for the server itself
 * @param before the rows before the change
 * @param saved the rows after it
 */
export async function tellBotsOfMembers(channel: MembersChange, actorId: bigint, before: ReadonlyMap<bigint, ChannelMemberRow>, saved: readonly ChannelMemberRow[]): Promise<void> {
  if (saved.length === 0) return;
  const { tx, date, row: { channel_id: channelId, creator_id: creatorId }, standing } = channel;
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
    for (const botId of new Set([...bots.admins, ...(bots.changed.has(user_id) ? [user_id] : [])])) {
      const isHidden = isAnonymous(standing) && !bots.admins.has(botId) && botId !== actorId;
      const actor_id = actorId <= 0n ? user_id : isHidden ? ANONYMOUS_ADMIN_ID : actorId;
      const [prev_participant, new_participant] = [seenBy(botId, before.get(user_id)), seenBy(botId, isHidden ? masked(row, actorId) : row)];
      effects.push({ botId, update: { _: 'updateChannelParticipant', channel_id: channelId, date, actor_id, user_id, prev_participant, new_participant, qts: 0 } });
    }
  }
  await orderBotEffects(tx, effects);
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
