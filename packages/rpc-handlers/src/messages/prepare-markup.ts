import { BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, emojiInMarkup, rebuildMarkup, type MarkupPlace, type ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { MethodLimits, RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

const BUTTON = 'reply_markup.rows.buttons';
const TYPE = `${BUTTON}.type`;

/** Limits of a request that may carry a keyboard. Whether the buttons are right is for bots only, so people are not refused for more than the size. */
export const MARKUP_LIMITS: MethodLimits = {
  vectors: { 'reply_markup.rows': { max: 100, error: 'REPLY_MARKUP_TOO_LONG' }, [BUTTON]: { max: 100, error: 'REPLY_MARKUP_TOO_LONG' }, [`${TYPE}.peer_types`]: 10 },
  strings: {
    [`${BUTTON}.text`]: { max: BUTTON_TEXT_MAX, error: 'BUTTON_TEXT_INVALID' },
    [`${TYPE}.url`]: { max: BUTTON_URL_MAX, error: 'BUTTON_URL_INVALID' },
    [`${TYPE}.copy_text`]: { max: BUTTON_PAYLOAD_MAX, error: 'BUTTON_COPY_TEXT_INVALID' },
    [`${TYPE}.query`]: { max: BUTTON_PAYLOAD_MAX, error: 'BUTTON_DATA_INVALID' },
  },
};

/** Prepares the keyboard of a message for storing. Only bots have keyboards: what others send is left out. Throws as `rebuildMarkup`. @returns at once if there is none */
export function prepareMarkup(ctx: RpcContext, markup: tl.ReplyMarkup | undefined, peer: ResolvedPeer): undefined | Promise<tl.ReplyMarkup | undefined> {
  return markup === undefined || !ctx.caller.isBot ? undefined : rebuildFor(ctx, markup, placeOf(peer));
}

/**
 * Prepares the keyboard of an edit. A bot says with each edit what is below the message from then on.
 * @returns null: nothing; undefined: the caller is a person, whose edits change no keyboard
 * @throws RpcError 400 REPLY_MARKUP_INVALID (no buttons below a message), and as {@link prepareMarkup}
 */
export async function editedMarkup(ctx: RpcContext, markup: tl.ReplyMarkup | undefined, peer: ResolvedPeer): Promise<tl.ReplyMarkup | null | undefined> {
  if (!ctx.caller.isBot) return undefined;
  if (markup !== undefined && markup._ !== 'replyInlineMarkup') throw rpcError('REPLY_MARKUP_INVALID');
  return (await prepareMarkup(ctx, markup, peer)) ?? null;
}

/** Rebuilds a keyboard for a place. Throws as `rebuildMarkup`. */
export async function rebuildFor({ domain }: Pick<RpcContext, 'domain'>, markup: tl.ReplyMarkup, place: MarkupPlace): Promise<tl.ReplyMarkup | undefined> {
  return rebuildMarkup(markup, place, await domain.stickerSets.findKnown(emojiInMarkup(markup)));
}

function placeOf(peer: ResolvedPeer): MarkupPlace {
  if (peer.kind === 'user') return 'private';
  return peer.kind === 'channel' && peer.row.kind === 'broadcast' ? 'broadcast' : 'group';
}
