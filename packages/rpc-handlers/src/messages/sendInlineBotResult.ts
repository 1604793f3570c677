import { type Chosen, INLINE_ID_BYTES, type ResolvedPeer } from '@aerogram/domain';
import { defineMethod, joinLimits, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { PAGE_QUOTAS, SEND_QUOTAS, URL_QUOTAS } from '../quotas.ts';
import { prepareWebPage } from './prepare-web-page.ts';
import { accessTarget, sendAll } from './send-one.ts';
import { REPLY_LIMITS } from './text-limits.ts';

/** `hide_via` changes nothing: everybody sees by which bot a message was sent. */
export const sendInlineBotResult = defineMethod({
  method: 'messages.sendInlineBotResult',
  access: 'user',
  cost: 1,
  limits: joinLimits(REPLY_LIMITS, { strings: { id: { max: INLINE_ID_BYTES, error: 'RESULT_ID_INVALID' } } }),
  quotas: [...SEND_QUOTAS, ...PAGE_QUOTAS, ...URL_QUOTAS, 'unsentFiles'],
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, req) {
    const { inline } = ctx.domain;
    const { peer: inputPeer, reply_to, silent, clear_draft, schedule_date, send_as, quick_reply_shortcut } = req;
    const peer = await accessTarget(ctx, { peer: inputPeer, quick_reply_shortcut }, [req.random_id]);
    const chosen = await inline.accessResult(ctx.userId, req.query_id, req.id);
    const { text, page, noWebpage, invertMedia, replyMarkup } = chosen.content;
    const shown = page === undefined ? await prepareMedia(ctx, chosen, { peer, req }) : await prepareWebPage(ctx, page, text);
    const answer = await sendAll(
      ctx,
      { peer: inputPeer, reply_to, silent, clear_draft, schedule_date, send_as, invert_media: invertMedia },
      // The short answer has no place for the bot.
      { peer, contents: [{ text, media: shown, noWebpage, replyMarkup, viaBotId: chosen.botId, randomId: req.random_id }], knownText: undefined },
    );
    // The bot may edit what has buttons; what is scheduled has another id when it is sent.
    const isEditable = replyMarkup !== undefined && schedule_date === undefined;
    const msgId = isEditable ? idOf(answer, req.random_id) : undefined;
    await inline.doReport(ctx.userId, chosen, msgId === undefined ? undefined : { ownerId: peer.kind === 'channel' ? peer.peerId : ctx.userId, msgId });
    return answer;
  },
});

/** The media of the message. A file of another site is fetched, unless an earlier call has sent the message. */
async function prepareMedia(ctx: RpcContext, { resultId, content: { media, file } }: Chosen, { peer, req }: { peer: ResolvedPeer; req: tl.messages.sendInlineBotResult }): Promise<tl.MessageMedia | undefined> {
  if (file === undefined) return media;
  const earlier = await ctx.domain.scheduled.findSentMedia({ senderId: ctx.userId, peer, randomId: req.random_id, isScheduled: req.schedule_date !== undefined });
  return earlier === undefined ? ctx.domain.inline.doMakeFile(ctx.userId, { setId: req.query_id, resultId, file }) : earlier.media;
}

/** The id of the message that was sent with a random id. */
function idOf(answer: tl.Updates, randomId: bigint): number | undefined {
  if (answer._ !== 'updates') return undefined;
  for (const update of answer.updates) if (update._ === 'updateMessageID' && update.random_id === randomId) return update.id;
  return undefined;
}
