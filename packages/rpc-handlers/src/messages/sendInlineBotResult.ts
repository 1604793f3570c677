import { type Chosen, given, INLINE_ID_BYTES } from '@aerogram/domain';
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
    const { inline, scheduled } = ctx.domain;
    const { peer: inputPeer, reply_to, silent, clear_draft, schedule_date, send_as, quick_reply_shortcut, random_id: randomId } = req;
    const options = { peer: inputPeer, reply_to, silent, clear_draft, schedule_date, send_as };
    const peer = await accessTarget(ctx, { peer: inputPeer, quick_reply_shortcut }, [randomId]);
    const earlier = await scheduled.findSent({ senderId: ctx.userId, peer, randomId, isScheduled: given(schedule_date) !== undefined });
    if (earlier !== undefined) {
      // The results may be over by now, and the bot was told when the message was sent.
      const text = { text: earlier.text, entities: [] };
      return sendAll(ctx, options, { peer, contents: [{ text, media: earlier.media, noWebpage: true, replyMarkup: undefined, randomId }], knownText: undefined });
    }
    const chosen = await inline.accessResult(ctx.userId, req.query_id, req.id);
    const { text, page, noWebpage, invertMedia, replyMarkup } = chosen.content;
    const shown = page === undefined ? await prepareMedia(ctx, req.query_id, chosen) : await prepareWebPage(ctx, page, text);
    let isRepeat = false;
    const answer = await sendAll(
      ctx,
      { ...options, invert_media: invertMedia },
      {
        peer,
        contents: [{ text, media: shown, noWebpage, replyMarkup, viaBotId: chosen.botId, randomId }],
        // The short answer has no place for the bot.
        knownText: undefined,
        onRepeat: () => (isRepeat = true),
      },
    );
    // Two calls at once: the other one tells the bot.
    if (isRepeat) return answer;
    // The bot may edit what has buttons; what is scheduled has another id when it is sent.
    const isEditable = replyMarkup !== undefined && given(schedule_date) === undefined;
    const msgId = isEditable ? idOf(answer, randomId) : undefined;
    await inline.doReport(ctx.userId, chosen, msgId === undefined ? undefined : { ownerId: peer.kind === 'channel' ? peer.peerId : ctx.userId, msgId });
    return answer;
  },
});

/** The media of the message. A file of another site is fetched. */
async function prepareMedia(ctx: RpcContext, setId: bigint, { resultId, content: { media, file } }: Chosen): Promise<tl.MessageMedia | undefined> {
  return file === undefined ? media : ctx.domain.inline.doMakeFile(ctx.userId, { setId, resultId, file });
}

/** The id of the message that was sent with a random id. */
function idOf(answer: tl.Updates, randomId: bigint): number | undefined {
  if (answer._ !== 'updates') return undefined;
  for (const update of answer.updates) if (update._ === 'updateMessageID' && update.random_id === randomId) return update.id;
  return undefined;
}
