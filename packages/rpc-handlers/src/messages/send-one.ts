import { isEffect, preparePart } from '@aerogram/domain';
import type { NewOutgoing, ResolvedPeer, TextPart } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessReplying, type Replying } from './access-reply.ts';
import { findAskedSendAs } from './access-send-as.ts';
import { findSchedule } from './find-schedule.ts';
import { originOf } from '../origin.ts';
import { prepareMarkup } from './prepare-markup.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { projectSent } from './project-sent.ts';
import { sendToChannel } from './send-to-channel.ts';

/** Requests that send one message. */
type Sending = tl.messages.sendMessage | tl.messages.sendMedia;

/** What requests that send messages have in common. */
type SendOptions = Omit<Sending, '_' | 'media' | 'message' | 'random_id' | 'entities'> | Omit<tl.messages.sendMultiMedia, '_' | 'multi_media'>;

/** The content of one message of a request. */
export type SentContent = Pick<TextPart, 'text' | 'media' | 'noWebpage' | 'randomId' | 'replyMarkup' | 'viaBotId' | 'besides'>;

/** Same as {@link accessTarget}, for the requests by which people also comment in discussion groups in which they are no members. @returns at once for a person who is in memory */
export function accessCommentedTarget(ctx: RpcContext, req: SendOptions, randomIds: readonly bigint[]): ResolvedPeer | Promise<ResolvedPeer> {
  checkTarget(req, randomIds);
  return ctx.domain.peers.knownUserPeer(ctx.userId, req.peer) ?? ctx.domain.peers.accessInputPeerOrCommented(ctx.userId, req.peer);
}

/**
 * Returns the peer that a request sends to.
 * @throws RpcError SHORTCUT_INVALID, EFFECT_ID_INVALID, RANDOM_ID_EMPTY, and as `accessInputPeer`
 */
export async function accessTarget(ctx: RpcContext, req: SendOptions, randomIds: readonly bigint[]): Promise<ResolvedPeer> {
  checkTarget(req, randomIds);
  return ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
}

function checkTarget({ quick_reply_shortcut: shortcut, effect }: SendOptions, randomIds: readonly bigint[]): void {
  if (shortcut !== undefined) throw rpcError('SHORTCUT_INVALID');
  checkEffect(effect);
  if (randomIds.includes(0n)) throw rpcError('RANDOM_ID_EMPTY');
}

/** Checks that there is a message effect of this id. @throws RpcError 400 EFFECT_ID_INVALID */
export function checkEffect(effect = 0n): void {
  if (effect !== 0n && !isEffect(effect)) throw rpcError('EFFECT_ID_INVALID');
}

/** The effect with which a message is sent to a peer; undefined for none. @throws RpcError 400 EFFECT_CHAT_INVALID: effects are for private chats */
export function effectIn({ kind }: ResolvedPeer, effect = 0n): bigint | undefined {
  if (effect === 0n) return undefined;
  if (kind !== 'user') throw rpcError('EFFECT_CHAT_INVALID');
  return effect;
}

/** Sends or schedules one message, as the request says, and returns the answer. */
export function sendOne(ctx: RpcContext, req: Sending, peer: ResolvedPeer, content: Omit<SentContent, 'randomId' | 'replyMarkup' | 'viaBotId'>): Promise<tl.Updates> {
  const send = (replyMarkup: tl.ReplyMarkup | undefined): Promise<tl.Updates> => {
    // The short answer has no place for a keyboard. To a call that sends media, clients expect the whole message also if it became a plain text.
    const knownText = req._ === 'messages.sendMessage' && replyMarkup === undefined && !ctx.isDirect ? req.message : undefined;
    return sendAll(ctx, req, { peer, contents: [{ ...content, replyMarkup, randomId: req.random_id }], knownText });
  };
  const prepared = prepareMarkup(ctx, req.reply_markup, peer);
  return prepared === undefined ? send(undefined) : prepared.then(send);
}

const NO_REPLY: Replying = {};

/** The messages of one request. */
interface SendPlan {
  peer: ResolvedPeer;
  contents: readonly SentContent[];
  /** As {@link projectSent} needs it. */
  knownText: string | undefined;
  /** Called if an earlier call has sent these messages already. */
  onRepeat?: () => void;
}

/** Sends or schedules messages, all or none of them, as the request says, and returns the answer. Several are an album. */
export async function sendAll(ctx: RpcContext, req: SendOptions, { peer, contents, knownText, onRepeat }: SendPlan): Promise<tl.Updates> {
  const { messages, scheduled } = ctx.domain;
  const { reply, header, topicId } = req.reply_to === undefined ? NO_REPLY : await accessReplying(ctx, peer, req.reply_to);
  const groupedId = contents.length > 1 ? ctx.random.int63() : undefined;
  const effect = effectIn(peer, req.effect);
  let isRepeat = false;
  // Built field by field: spreading one object into another cost 5 µs a message, and what came of it was slow to read for all that follows.
  const parts = contents.map(({ randomId, text, media, replyMarkup, viaBotId, besides, noWebpage }, index) => preparePart({
    randomId,
    text,
    media,
    replyHeader: header,
    groupedId,
    replyMarkup,
    viaBotId,
    // Of an album, the first message has it.
    effectId: index === 0 ? effect : undefined,
    besides,
    silent: req.silent === true,
    noforwards: req.noforwards === true,
    noWebpage,
    invertMedia: req.invert_media === true,
  }));
  const send: NewOutgoing = {
    senderId: ctx.userId,
    parts,
    reply,
    clearsDraft: req.clear_draft === true,
    origin: originOf(ctx),
    onQueued: () => ctx.handedOn(),
    onRepeat: () => {
      isRepeat = true;
      onRepeat?.();
    },
  };
  const sendAs = req.send_as === undefined ? undefined : await findAskedSendAs(ctx, peer, req.send_as);
  const schedule = findSchedule(ctx, req);
  if (schedule !== undefined) {
    return projectScheduledAnswer(ctx, await scheduled.doSchedule(peer, { ...send, sendAs, topicId }, schedule));
  }
  if (peer.kind === 'channel') {
    const sent = await keepSentDocuments(ctx, await sendToChannel(ctx, peer, { ...send, sendAs, topicId }));
    if (req.update_stickersets_order === true) await moveUsedSets(ctx, contents);
    return sent;
  }
  const rows = await messages.doSendOutgoing(peer, send);
  if (req.update_stickersets_order === true) await moveUsedSets(ctx, contents);
  const projecting = projectSent(ctx, rows, contents, isRepeat ? undefined : knownText);
  const answer = projecting instanceof Promise ? await projecting : projecting;
  return answer._ === 'updates' ? keepSentDocuments(ctx, answer) : answer;
}

/** The most custom emoji of a message whose sets move up. */
const MOVED_MAX = 5;

/** Moves the sets of the stickers and custom emoji that the caller has sent to the beginning of the caller's lists. */
async function moveUsedSets(ctx: RpcContext, contents: readonly SentContent[]): Promise<void> {
  if (ctx.caller.isBot) return;
  const used = contents.flatMap(({ text, media }) => [
    ...(media?._ === 'messageMediaDocument' && media.document?._ === 'document' ? [media.document.id] : []),
    ...text.entities.flatMap((entity) => (entity._ === 'messageEntityCustomEmoji' ? [entity.document_id] : [])),
  ]);
  if (used.length > 0) await ctx.domain.stickerSets.doMoveUsed({ ownerId: ctx.userId, origin: originOf(ctx) }, [...new Set(used)].slice(0, MOVED_MAX));
}

/** Keeps the GIFs and stickers of an answer to a send for its caller. A repeated call names the documents of the first one, so nothing is kept twice. */
async function keepSentDocuments(ctx: RpcContext, answer: tl.Updates): Promise<tl.Updates> {
  if (answer._ !== 'updates' || ctx.caller.isBot) return answer;
  for (const update of answer.updates) {
    const message = update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage' ? update.message : undefined;
    const media = message?._ === 'message' ? message.media : undefined;
    if (media?._ === 'messageMediaDocument' && media.document?._ === 'document') await ctx.domain.files.kept.doKeepSent(ctx.userId, media.document);
  }
  return answer;
}
