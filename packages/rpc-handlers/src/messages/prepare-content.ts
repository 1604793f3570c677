import { CAPTION_LENGTH_MAX, entitiesOf, hasCaption, isFileInput, isVisibleText, unpackMessageExtra } from '@aerogram/domain';
import type { FormattedText, MediaEdit, MediaTarget } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { prepareWebPage } from './prepare-web-page.ts';
import { senderOf } from './sender-of.ts';

/** The columns of a message that decide how it can be edited. */
export type Current = { extra: Uint8Array | null } | undefined;

/** The message that is edited. */
interface Edited extends Pick<MediaTarget, 'edited'> {
  /** Reads the message as it is. */
  findCurrent: () => Promise<Current>;
}

/** What an edit changes. */
type EditInput = Pick<tl.messages.editMessage, 'message' | 'entities' | 'media' | 'no_webpage'>;

/** Prepares the new text and media; an edit of a live location, and one that closes a poll, has no text. Throws as the operations of the domain for texts and media. */
export async function prepareContent(
  ctx: RpcContext,
  req: EditInput,
  { findCurrent, edited }: Edited,
): Promise<{ text?: FormattedText; media?: MediaEdit; noWebpage: boolean }> {
  const { media, no_webpage: noWebpage = false } = req;
  if (media !== undefined && media._ !== 'inputMediaWebPage') {
    const hasWords = isFileInput(media) && req.message !== undefined;
    const text = hasWords ? await ctx.domain.messages.normalizeCaption(ctx.userId, req.message!, req.entities, namedIn(findCurrent)) : undefined;
    return { text, media: await ctx.domain.mediaInputs.prepareEdit(media, { ...senderOf(ctx), target: { edited } }), noWebpage };
  }
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
