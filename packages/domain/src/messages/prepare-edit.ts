import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { prepareTodo } from '../checklists/index.ts';
import { makesOf, type TakenInput } from '../content/index.ts';
import type { MediaEdit } from './edit-media.ts';
import { prepareFile, type PrepareDeps, type Preparing } from './prepare-media.ts';

type PrepareEdit<Input> = (deps: PrepareDeps, input: Input, preparing: Preparing) => MediaEdit | Promise<MediaEdit>;

/** For media that no edit puts into a message. */
const refuse = (): never => {
  throw rpcError('MEDIA_NEW_INVALID');
};

/** What an edit with each input does. */
const PREPARE: { readonly [Name in TakenInput]: PrepareEdit<Extract<tl.InputMedia, { _: Name }>> } = {
  // Pages belong to texts, with which they are prepared.
  inputMediaWebPage: refuse,
  inputMediaUploadedPhoto: prepareFile,
  inputMediaPhoto: prepareFile,
  inputMediaPhotoExternal: prepareFile,
  inputMediaUploadedDocument: prepareFile,
  inputMediaDocument: prepareFile,
  inputMediaDocumentExternal: prepareFile,
  inputMediaGeoPoint: refuse,
  inputMediaGeoLive: (_, input) => input,
  inputMediaVenue: refuse,
  inputMediaContact: refuse,
  inputMediaDice: refuse,
  // Nothing of a poll changes by an edit but that it is closed. Clients send the poll as they know it, or nothing but the flag.
  inputMediaPoll: (_, { poll }) => (poll.closed === true ? { _: 'pollEnd' } : refuse()),
  inputMediaTodo: ({ normalizeText }, { todo }, { userId, isBot }) => prepareTodo(todo, { isAllowed: !isBot, normalize: (text, entities) => normalizeText(userId, text, entities) }),
};

/**
 * Prepares media that an edit puts into a message, except link previews, which belong to its text.
 * @throws RpcError MEDIA_EMPTY, MEDIA_NEW_INVALID (no edit puts them into a message), and as the operations for files and checklists
 */
export async function prepareEdit(deps: PrepareDeps, input: tl.InputMedia, preparing: Preparing): Promise<MediaEdit> {
  if (makesOf(input) === undefined) throw rpcError(input._ === 'inputMediaEmpty' ? 'MEDIA_EMPTY' : 'MEDIA_NEW_INVALID');
  // The cast is safe: the entry of each name takes inputs of that name.
  return (PREPARE[input._ as TakenInput] as PrepareEdit<tl.InputMedia>)(deps, input, preparing);
}
