import { BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, rebuildMarkup, type MarkupPlace, type ResolvedPeer } from '@aerogram/domain';
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

/** Prepares the keyboard of a message for storing. Only bots have keyboards: what others send is left out. Throws as `rebuildMarkup`. */
export function prepareMarkup(ctx: RpcContext, markup: tl.ReplyMarkup | undefined, peer: ResolvedPeer): tl.ReplyMarkup | undefined {
  if (markup === undefined || !ctx.caller.isBot) return undefined;
  return rebuildMarkup(markup, placeOf(peer));
}

/**
 * Prepares the keyboard of an edit. A bot says with each edit what is below the message from then on.
 * @returns null: nothing; undefined: the caller is a person, whose edits change no keyboard
 * @throws RpcError 400 REPLY_MARKUP_INVALID (no buttons below a message), and as {@link prepareMarkup}
 */
export function editedMarkup(ctx: RpcContext, markup: tl.ReplyMarkup | undefined, peer: ResolvedPeer): tl.ReplyMarkup | null | undefined {
  if (!ctx.caller.isBot) return undefined;
  if (markup !== undefined && markup._ !== 'replyInlineMarkup') throw rpcError('REPLY_MARKUP_INVALID');
  return prepareMarkup(ctx, markup, peer) ?? null;
}

function placeOf(peer: ResolvedPeer): MarkupPlace {
  if (peer.kind === 'user') return 'private';
  return peer.kind === 'channel' && peer.row.kind === 'broadcast' ? 'broadcast' : 'group';
}
