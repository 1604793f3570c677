import { given, isStateEdit, isTextInput, projectMessage, projectPost } from '@aerogram/domain';
import type { ResolvedChannel, ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, stepPeer } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS, PAGE_QUOTAS, SEND_QUOTAS, URL_QUOTAS } from '../quotas.ts';
import { editedMarkup, MARKUP_LIMITS } from './prepare-markup.ts';
import { type Current, prepareContent } from './prepare-content.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { originOf, stepBox } from '../origin.ts';
import { TODO_LIMITS } from './prepare-todo-media.ts';
import { MEDIA_LIMITS, TEXT_LIMITS } from './text-limits.ts';

export const editMessage = defineMethod({
  method: 'messages.editMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, MEDIA_LIMITS, TODO_LIMITS, MARKUP_LIMITS),
  quotas: [...SEND_QUOTAS, ...NOTICE_QUOTAS, 'proximityAlerts', ...PAGE_QUOTAS, ...URL_QUOTAS, 'unsentFiles'],
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'acting',
  async handler(ctx, req) {
    const { messages, peers, updates } = ctx.domain;
    if (given(req.quick_reply_shortcut_id) !== undefined) throw rpcError('MESSAGE_ID_INVALID');
    const scheduleDate = given(req.schedule_date);
    if (scheduleDate !== undefined) return editScheduled(ctx, req, scheduleDate);
    if (req.message === undefined && req.media === undefined && (req.reply_markup === undefined || !ctx.caller.isBot)) throw rpcError('MESSAGE_NOT_MODIFIED');
    const peer = await peers.accessInputPeerOrCommented(ctx.userId, req.peer);
    if (peer.kind === 'channel') return editInChannel(ctx, req, peer);
    checkMedia(ctx, req, peer);
    const { row, before, pts } = await messages.doEdit(peer, {
      ...(await prepareContent(ctx, req, { findCurrent: () => findInBox(ctx, req), edited: { kind: 'message', msgId: req.id } })),
      ownerId: ctx.userId,
      msgId: req.id,
      replyMarkup: await editedMarkup(ctx, req.reply_markup, peer),
      invertMedia: req.invert_media === true,
      origin: originOf(ctx),
    });
    stepBox(ctx, pts, 1);
    if (req.media?._ === 'inputMediaGeoLive') await ctx.domain.proximity.doAlert(peer, { userId: ctx.userId, before, after: row });
    return updates.projectAnswer(ctx.userId, [
      { _: 'updateEditMessage', message: projectMessage(row), pts, pts_count: 1 },
    ]);
  },
});

/** Checks, before a file is used, that the other person may get one: a link preview is text. */
function checkMedia({ domain }: RpcContext, { media }: tl.messages.editMessage, peer: ResolvedPeer): void {
  if (media !== undefined && !isTextInput(media) && domain.homes?.dcOf(peer.peerId) !== undefined) throw rpcError('CHAT_SEND_MEDIA_FORBIDDEN');
}

/** Edits a message of a channel. */
async function editInChannel(ctx: RpcContext, req: tl.messages.editMessage, peer: ResolvedChannel): Promise<tl.Updates> {
  const { channels, proximity, updates } = ctx.domain;
  const { channelId } = peer;
  const channel = channels.at(channelId).posts;
  const content = await prepareContent(ctx, req, {
    findCurrent: async () => (await channel.find(ctx.userId, [req.id])).get(req.id),
    edited: { kind: 'post', channelId, msgId: req.id },
  });
  const { row, before, pts } = await channel.doEdit({ ...actingAs(ctx), ...content, msgId: req.id, replyMarkup: await editedMarkup(ctx, req.reply_markup, peer), invertMedia: req.invert_media === true });
  stepPeer(ctx, peer, { pts, ptsCount: 1 });
  if (req.media?._ === 'inputMediaGeoLive') await proximity.doAlert(peer, { userId: ctx.userId, before, after: row });
  const [shown = row] = await channels.markUnseen(ctx.userId, [row]);
  return updates.projectAnswer(ctx.userId, [{ _: 'updateEditChannelMessage', message: projectPost(shown, ctx.userId), pts, pts_count: 1 }]);
}

/** With a date, the id belongs to a scheduled message. */
async function editScheduled(ctx: RpcContext, req: tl.messages.editMessage, scheduleDate: number): Promise<tl.Updates> {
  const { peers, scheduled } = ctx.domain;
  const peer = await peers.accessInputPeer(ctx.userId, req.peer);
  checkMedia(ctx, req, peer);
  const { text, media, noWebpage } = await prepareContent(ctx, req, { findCurrent: () => findInBox(ctx, req) });
  if (isStateEdit(media)) throw rpcError('MEDIA_NEW_INVALID');
  const row = await scheduled.doEdit(peer, {
    ownerId: ctx.userId,
    msgId: req.id,
    text,
    media,
    noWebpage,
    invertMedia: req.invert_media === true,
    schedule: { date: scheduleDate, repeatPeriod: given(req.schedule_repeat_period) },
    origin: originOf(ctx),
  });
  return projectScheduledAnswer(ctx, [row], false);
}

/** The message in the caller's box, or among those that the caller has scheduled. */
async function findInBox(ctx: RpcContext, { peer, id, schedule_date }: tl.messages.editMessage): Promise<Current> {
  const { messages, peers, scheduled } = ctx.domain;
  if (given(schedule_date) === undefined) return (await messages.find(ctx.userId, [id])).get(id);
  const { peerId } = await peers.accessInputPeer(ctx.userId, peer);
  return (await scheduled.list(ctx.userId, peerId, [id]))[0];
}
