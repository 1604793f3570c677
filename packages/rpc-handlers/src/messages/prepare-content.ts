import { CAPTION_LENGTH_MAX, entitiesOf, hasCaption, isVisibleText, unpackMessageExtra } from '@aerogram/domain';
import type { FormattedText, MediaEdit, MediaTarget } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { isFileInput, prepareFileMedia } from './prepare-sent-media.ts';
import { prepareTodoMedia } from './prepare-todo-media.ts';
import { prepareWebPage } from './prepare-web-page.ts';

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
  if (media?._ === 'inputMediaGeoLive') return { media, noWebpage };
  if (media?._ === 'inputMediaEmpty') throw rpcError('MEDIA_EMPTY');
  if (media?._ === 'inputMediaPoll') {
    // Nothing of a poll changes by an edit but that it is closed. Clients send the poll as they know it, or nothing but the flag.
    if (media.poll.closed !== true) throw rpcError('MEDIA_NEW_INVALID');
    return { media: { _: 'pollEnd' }, noWebpage };
  }
  if (media?._ === 'inputMediaTodo') return { media: await prepareTodoMedia(ctx, media), noWebpage };
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
