import { unmarkPeer } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';

import { orderBotEffects } from '../bot-events/index.ts';
import { findUserRows } from '../peers/index.ts';
import { findMemberships } from '../chats/index.ts';
import { findOwnersPrivacy, isVisible, NO_GROUPS, UNTOUCHED } from '../privacy/index.ts';
import { findRelations, NO_RELATION, pairKey } from '../relations/index.ts';
import { findDeciders } from './find-deciders.ts';
import { findRequestLink, shownInvite } from './project-invite.ts';
import type { JoinRequestRow } from './request-store.ts';

/**
 * Tells the bots that may approve join requests of a new one. Everything is read in the transaction, which must not wait for another connection. The caller holds the lock of the
 * counter of the group or channel.
 */
export async function tellBotsOfRequest(tx: Tx, { owner_id: peerId, user_id, hash, date }: JoinRequestRow): Promise<void> {
  const botIds = (await findDeciders(tx, peerId, date)).filter((member) => member.all_from !== null).map((member) => member.user_id);
  if (botIds.length === 0) return;
  const [link, abouts] = await Promise.all([findRequestLink(tx, peerId, hash), findAbouts(tx, user_id, botIds)]);
  await orderBotEffects(
    tx,
    botIds.map((botId) => ({
      botId,
      update: {
        _: 'updateBotChatInviteRequester',
        peer: unmarkPeer(peerId),
        date,
        user_id,
        about: abouts.get(botId) ?? '',
        // `creatorId` is nobody: the owner of a group or channel is never a bot.
        invite: shownInvite({ viewerId: botId, creatorId: 0n }, link),
        qts: 0,
      },
    })),
  );
}

/** What a person says about themselves, for those of these bots that may see it. */
async function findAbouts(tx: Tx, userId: bigint, botIds: readonly bigint[]): Promise<Map<bigint, string>> {
  const [users, owners, relations] = await Promise.all([findUserRows(tx, [userId]), findOwnersPrivacy(tx, [userId]), findRelations(tx, botIds.map((botId) => pairKey(botId, userId)))]);
  const [row, owner] = [users.get(userId), owners.get(userId) ?? UNTOUCHED];
  if (row === undefined) return new Map();
  const memberships = await findMemberships(tx, botIds, owner.groups ?? []);
  const mayRead = (botId: bigint): boolean => isVisible(owner, 'About', { id: botId, bot: true, groups: memberships.get(botId) ?? NO_GROUPS }, relations.get(pairKey(botId, userId)) ?? NO_RELATION);
  return new Map(botIds.filter(mayRead).map((botId) => [botId, row.about]));
}
