import { type ResolvedPeer, START_PARAM_MAX, type UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { ADDING_QUOTAS, NOTICE_QUOTAS, SEND_QUOTAS } from '../quotas.ts';
import { addBot, joinAnswers } from './add-bot.ts';
import { accessTarget, sendAll } from './send-one.ts';

export const startBot = defineMethod({
  method: 'messages.startBot',
  access: 'user',
  cost: 3,
  limits: { strings: { start_param: { max: START_PARAM_MAX, error: 'START_PARAM_TOO_LONG' } } },
  quotas: [...SEND_QUOTAS, ...ADDING_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'random_id',
  elsewhere: { bot: 'works', peer: 'works' },
  presence: 'acting',
  async handler(ctx, { bot: input, peer: where, random_id, start_param: param }) {
    if (!/^[\w-]*$/.test(param)) throw rpcError('START_PARAM_INVALID');
    const bot = await ctx.domain.peers.accessInputUser(ctx.userId, input);
    if (bot.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    if (!bot.bot) throw rpcError('BOT_INVALID');
    const req = { peer: where._ === 'inputPeerEmpty' ? peerOf(ctx, bot) : where };
    const peer = await accessTarget(ctx, req, [random_id]);
    const isAnotherChat = peer.kind === 'user' ? peer.userId !== bot.user_id : peer.kind === 'channel' && peer.row.kind === 'broadcast';
    if (isAnotherChat || (bot.elsewhere && peer.kind !== 'user')) throw rpcError('PEER_ID_INVALID');
    const earlier = await ctx.domain.scheduled.findSent({ senderId: ctx.userId, peer, randomId: random_id, isScheduled: false });
    // A repeat does not bring back a bot that was removed since.
    const added = peer.kind === 'user' || earlier !== undefined ? undefined : await addBot(ctx, peer, bot);
    const text = await ctx.domain.messages.normalizeText(ctx.userId, textOf(bot, peer, param), undefined);
    // The client does not know the text, so the answer is a full one.
    const sent = await sendAll(ctx, req, { peer, contents: [{ text, media: undefined, noWebpage: true, replyMarkup: undefined, randomId: random_id }], knownText: undefined });
    return added === undefined || sent._ !== 'updates' ? sent : joinAnswers(added, sent);
  },
});

/** The private chat with a bot: some clients name none when they mean this one. */
function peerOf(ctx: RpcContext, { user_id }: UserRow): tl.inputPeerUser {
  return { _: 'inputPeerUser', user_id, access_hash: ctx.domain.accessHashes.of('user', ctx.userId, user_id) };
}

/** The text with which a bot is started. In a group it names the bot, which would not know otherwise that it is meant. */
function textOf(bot: UserRow, peer: ResolvedPeer, param: string): string {
  const command = peer.kind === 'user' || bot.username === null ? '/start' : `/start@${bot.username}`;
  return param === '' ? command : `${command} ${param}`;
}
