import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isSticker } from '../documents/index.ts';
import type { PollBody } from './poll-body.ts';

/** Media that a client may put into a poll. Files at URLs are none: a poll has many, and each would have the server fetch a file. */
export type PollMediaInput = tl.inputMediaUploadedPhoto | tl.inputMediaPhoto | tl.inputMediaUploadedDocument | tl.inputMediaDocument | tl.inputMediaGeoPoint | tl.inputMediaVenue;

/** Makes the media of a poll from what a client sends, as it is made for a message. */
export type MakePollMedia = (input: PollMediaInput) => Promise<tl.MessageMedia>;

/** Where media in a poll stand: beside an answer, or beside the question or the solution. */
type PollMediaPlace = 'answer' | 'text';

const INPUTS: Record<PollMediaInput['_'], true> = {
  inputMediaUploadedPhoto: true,
  inputMediaPhoto: true,
  inputMediaUploadedDocument: true,
  inputMediaDocument: true,
  inputMediaGeoPoint: true,
  inputMediaVenue: true,
};

/** Checks what a client wants in a poll before anything is made of it. Pure. @throws RpcError 400 MEDIA_INVALID */
export function checkMediaInput(input: tl.InputMedia | undefined): asserts input is PollMediaInput | undefined {
  if (input !== undefined && !Object.hasOwn(INPUTS, input._)) throw rpcError('MEDIA_INVALID');
}

/** What a client wants beside an answer. Those that name a stored answer have none. Pure. @throws RpcError 400 MEDIA_INVALID */
export function mediaInputOf(answer: tl.PollAnswer): PollMediaInput | undefined {
  if (answer._ === 'pollAnswer') {
    if (answer.media !== undefined) throw rpcError('MEDIA_INVALID');
    return undefined;
  }
  checkMediaInput(answer.media);
  return answer.media;
}

/**
 * Makes media of a poll.
 * @throws RpcError 400 MEDIA_INVALID: a poll cannot have them there; and what `make` throws
 */
async function makePollMedia(input: tl.InputMedia | undefined, place: PollMediaPlace, make: MakePollMedia | undefined): Promise<tl.MessageMedia | undefined> {
  checkMediaInput(input);
  if (input === undefined) return undefined;
  if (make === undefined) throw rpcError('MEDIA_INVALID');
  const media = await make(input);
  if (!fits(media, place)) throw rpcError('MEDIA_INVALID');
  return media;
}

/** Makes the media beside an answer. @throws as {@link makePollMedia} */
export const makeAnswerMedia = (answer: tl.PollAnswer, make: MakePollMedia | undefined): Promise<tl.MessageMedia | undefined> => makePollMedia(mediaInputOf(answer), 'answer', make);

/** A poll with its media, which are made one after the other: one call takes no more at once than others do. @throws as {@link makePollMedia} */
export async function withPollMedia(body: PollBody, input: tl.inputMediaPoll, make: MakePollMedia | undefined): Promise<PollBody> {
  const attached = await makePollMedia(input.attached_media, 'text', make);
  const solution_media = await makePollMedia(input.solution_media, 'text', make);
  const answers: tl.PollAnswer[] = [];
  for (const [at, answer] of body.poll.answers.entries()) {
    const media = await makeAnswerMedia(input.poll.answers[at]!, make);
    answers.push(answer._ === 'pollAnswer' && media !== undefined ? { ...answer, media } : answer);
  }
  return { ...body, attached, poll: { ...body.poll, answers }, solution: { ...body.solution, solution_media } };
}

/** Voice messages and round videos are messages of their own; what has no picture says nothing beside an answer, and a sticker nothing elsewhere. Pure. */
function fits(media: tl.MessageMedia, place: PollMediaPlace): boolean {
  if (media._ !== 'messageMediaDocument') return media._ === 'messageMediaPhoto' || media._ === 'messageMediaGeo' || media._ === 'messageMediaVenue';
  if (media.document?._ !== 'document' || media.voice === true || media.round === true) return false;
  if (isSticker(media.document)) return place === 'answer';
  return place === 'text' || media.document.attributes.some(({ _ }) => _ === 'documentAttributeVideo' || _ === 'documentAttributeAnimated');
}
