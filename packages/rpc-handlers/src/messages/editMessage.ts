import { CAPTION_LENGTH_MAX, entitiesOf, hasCaption, isVisibleText, projectMessage, projectPost, unpackMessageExtra } from '@aerogram/domain';
import type { FormattedText, MediaEdit, MediaTarget, ResolvedChannel } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS, PAGE_QUOTAS, SEND_QUOTAS } from '../quotas.ts';
import { editedMarkup, MARKUP_LIMITS } from './prepare-markup.ts';
import { isFileInput, prepareFileMedia } from './prepare-sent-media.ts';
import { prepareWebPage } from './prepare-web-page.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { originOf, stepBox } from './origin.ts';
import { MEDIA_LIMITS, TEXT_LIMITS } from './text-limits.ts';

export const editMessage = defineMethod({
  method: 'messages.editMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, MEDIA_LIMITS, MARKUP_LIMITS),
  quotas: [...SEND_QUOTAS, ...NOTICE_QUOTAS, 'proximityAlerts', ...PAGE_QUOTAS, 'unsentFiles'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { messages, peers, updates } = ctx.domain;
    if (req.quick_reply_shortcut_id !== undefined) throw rpcError('MESSAGE_ID_INVALID');
    if (req.schedule_date !== undefined) return editScheduled(ctx, req, req.schedule_date);
    if (req.message === undefined && req.media === undefined && (req.reply_markup === undefined || !ctx.caller.isBot)) throw rpcError('MESSAGE_NOT_MODIFIED');
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    if (peer.kind === 'channel') return editInChannel(ctx, req, peer);
    const { row, before, pts } = await messages.doEdit(peer, {
      ...(await prepareContent(ctx, req, { edited: { kind: 'message', msgId: req.id } })),
      ownerId: ctx.userId,
      msgId: req.id,
      replyMarkup: editedMarkup(ctx, req.reply_markup, peer),
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

/** Edits a message of a channel. */
async function editInChannel(ctx: RpcContext, req: tl.messages.editMessage, peer: ResolvedChannel): Promise<tl.Updates> {
  const { channels, proximity, updates } = ctx.domain;
  const { channelId, peerId } = peer;
  const channel = channels.at(channelId).posts;
  const content = await prepareContent(ctx, req, {
    findCurrent: async () => (await channel.find(ctx.userId, [req.id])).get(req.id),
    edited: { kind: 'post', channelId, msgId: req.id },
  });
  const { row, before, pts } = await channel.doEdit({ ...actingAs(ctx), ...content, msgId: req.id, replyMarkup: editedMarkup(ctx, req.reply_markup, peer), invertMedia: req.invert_media === true });
  ctx.boxStep({ owner: peerId, pts, ptsCount: 1 });
  if (req.media?._ === 'inputMediaGeoLive') await proximity.doAlert(peer, { userId: ctx.userId, before, after: row });
  const [shown = row] = await channels.markUnseen(ctx.userId, [row]);
  return updates.projectAnswer(ctx.userId, [{ _: 'updateEditChannelMessage', message: projectPost(shown, ctx.userId), pts, pts_count: 1 }]);
}

/** With a date, the id belongs to a scheduled message. */
async function editScheduled(ctx: RpcContext, req: tl.messages.editMessage, scheduleDate: number): Promise<tl.Updates> {
  const { peers, scheduled } = ctx.domain;
  const peer = await peers.accessInputPeer(ctx.userId, req.peer);
  const { text, media, noWebpage } = await prepareContent(ctx, req);
  if (media?._ === 'inputMediaGeoLive') throw rpcError('MEDIA_NEW_INVALID');
  const row = await scheduled.doEdit(peer, {
    ownerId: ctx.userId,
    msgId: req.id,
    text,
    media,
    noWebpage,
    invertMedia: req.invert_media === true,
    schedule: { date: scheduleDate, repeatPeriod: req.schedule_repeat_period },
    origin: originOf(ctx),
  });
  return projectScheduledAnswer(ctx, [row], false);
}

/** The columns of a message that decide how it can be edited. */
type Current = { extra: Uint8Array | null } | undefined;

/** The message that is edited. */
interface Edited extends Pick<MediaTarget, 'edited'> {
  /** Reads the message as it is. */
  findCurrent?: () => Promise<Current>;
}

/** Prepares the new text and media; an edit of a live location has no text. */
async function prepareContent(
  ctx: RpcContext,
  req: tl.messages.editMessage,
  { findCurrent = () => findInBox(ctx, req), edited }: Edited = {},
): Promise<{ text?: FormattedText; media?: MediaEdit; noWebpage: boolean }> {
  const { media, no_webpage: noWebpage = false } = req;
  if (media?._ === 'inputMediaGeoLive') return { media, noWebpage };
  if (media?._ === 'inputMediaEmpty') throw rpcError('MEDIA_EMPTY');
  if (isFileInput(media)) {
    const text = req.message === undefined ? undefined : await ctx.domain.messages.normalizeCaption(ctx.userId, req.message, req.entities, namedIn(findCurrent));
    return { text, media: await prepareFileMedia(ctx, media, { edited }), noWebpage };
  }
  if (media !== undefined && media._ !== 'inputMediaWebPage') throw rpcError('MEDIA_NEW_INVALID');
  const text = req.message === undefined ? undefined : await prepareText(ctx, req.message, req.entities, findCurrent);
  if (media === undefined) return { text, noWebpage };
  const page = await prepareWebPage(ctx, media, text ?? { text: '', entities: [] });
  // The client chose a page that has no preview: then none is shown, instead of a different one.
  return page ? { text, media: page, noWebpage } : { text, noWebpage: true };
}

/** The new text may mention the users whom the message mentions. */
const namedIn = (findCurrent: () => Promise<Current>) => async () => entitiesOf(await findCurrent());

/** Prepares a text that is new to a message, or the caption of its media. */
async function prepareText(ctx: RpcContext, message: string, entities: readonly tl.MessageEntity[] | undefined, findCurrent: () => Promise<Current>): Promise<FormattedText> {
  const { messages } = ctx.domain;
  // Only then does it matter whether it is a caption.
  const isUncertain = message.length > CAPTION_LENGTH_MAX || !isVisibleText(message);
  const isCaption = isUncertain && hasCaption(unpackMessageExtra((await findCurrent())?.extra ?? null).media);
  const normalize = isCaption ? messages.normalizeCaption : messages.normalizeText;
  return normalize(ctx.userId, message, entities, namedIn(findCurrent));
}

/** The message in the caller's box, or among those that the caller has scheduled. */
async function findInBox(ctx: RpcContext, { peer, id, schedule_date }: tl.messages.editMessage): Promise<Current> {
  const { messages, peers, scheduled } = ctx.domain;
  if (schedule_date === undefined) return (await messages.find(ctx.userId, [id])).get(id);
  const { peerId } = await peers.accessInputPeer(ctx.userId, peer);
  return (await scheduled.list(ctx.userId, peerId, [id]))[0];
}
