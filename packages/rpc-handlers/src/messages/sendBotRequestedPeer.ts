import { type BotPlace, projectAdminRights, REQUESTED_MAX, type ResolvedPeer, type UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { ADDING_QUOTAS, NOTICE_QUOTAS } from '../quotas.ts';
import { addBot, joinAnswers } from './add-bot.ts';
import { actingIn, randomIdOf } from '../group-call.ts';
import { originOf } from '../origin.ts';
import { projectNew } from './project-sent.ts';

/**
 * Shares peers with a bot that has asked for them by a key of its keyboard. If the bot is to be in the group or channel, or an admin there, it becomes that
 * first. Keys of mini apps (`webapp_req_id`) do not exist.
 */
export const sendBotRequestedPeer = defineMethod({
  method: 'messages.sendBotRequestedPeer',
  access: 'user',
  cost: 3,
  itemCosts: { requested_peers: 1 },
  limits: { vectors: { requested_peers: { max: REQUESTED_MAX, error: 'USERS_TOO_MUCH' } }, strings: { webapp_req_id: 256 } },
  quotas: [...ADDING_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'random_id',
  elsewhere: { peer: 'BOT_INVALID' },
  presence: 'acting',
  async handler(ctx, { peer, msg_id: msgId, button_id: buttonId, requested_peers: inputs }) {
    const { botGrants, peers } = ctx.domain;
    const bot = await peers.accessUserPeer(ctx.userId, peer);
    if (!bot.row.bot) throw rpcError('PEER_ID_INVALID');
    if (bot.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    if (msgId === undefined) throw rpcError('MESSAGE_ID_INVALID');
    const giving = { ownerId: ctx.userId, bot, randomId: randomIdOf(ctx.caller), origin: originOf(ctx) };
    const given = await botGrants.findGiven(giving);
    if (given !== undefined) return projectNew(ctx, [given]);
    const resolved = await Promise.all(inputs.map((input) => peers.accessInputPeer(ctx.userId, input)));
    const sharing = { ...giving, msgId, buttonId, peers: [...new Map(resolved.map((one) => [one.peerId, one])).values()] };
    const place = await botGrants.checkShared(sharing);
    // With a place to take, the only peer is a group or channel.
    const placed = place && (await takePlace(ctx, bot.row, sharing.peers[0]!, place));
    const shared = await projectNew(ctx, [await botGrants.doShare(sharing)]);
    return placed === undefined ? shared : joinAnswers(placed, shared);
  },
});

/** Makes a bot a member of a group or channel, or an admin there. Throws as the methods that do that. */
async function takePlace(ctx: RpcContext, bot: UserRow, peer: ResolvedPeer, place: BotPlace): Promise<tl.updates | undefined> {
  if (peer.kind === 'user') return undefined;
  if (place !== 'member' && peer.kind === 'channel') {
    const edit = { ...actingAs(ctx), userId: bot.user_id, rights: projectAdminRights(place.adminRights), rank: place.rank };
    return answerChannel(ctx, peer.peerId, await ctx.domain.channels.at(peer.channelId).members.doEditAdmin(edit, bot));
  }
  const added = await addBot(ctx, peer, bot);
  if (place !== 'member' && peer.kind === 'chat') await ctx.domain.groups.doEditAdmin(actingIn(ctx, peer.chatId), bot.user_id, true);
  return added;
}
