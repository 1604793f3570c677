import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { prepareAlbumMedia, type WantedMedia } from '../files/input-file.ts';
import type { MediaKind } from '../files/media-details.ts';
import { type PLACE_PARAMS, readPlace } from '../params/geo-point.ts';
import { isJsonObject } from '../params/json-fields.ts';
import type { Params } from '../params/params.ts';
import { readVenue, type VENUE_PARAMS } from '../params/venue.ts';
import { readWanted } from './read-media.ts';

/** Media that a bot wants in a poll: a file, or a place. */
export type WantedPollMedia = WantedMedia | tl.inputMediaGeoPoint | tl.inputMediaVenue;

/** The media of a poll, as they were read. */
export interface PollMedia {
  attached: WantedPollMedia | undefined;
  explanation: WantedPollMedia | undefined;
  /** Those of the answers, in their order. */
  options: readonly (WantedPollMedia | undefined)[];
}

const TEXT_FILES: readonly string[] = ['photo', 'video', 'animation', 'audio', 'document'] satisfies MediaKind[];
const OPTION_FILES: readonly string[] = ['photo', 'video', 'animation', 'sticker'] satisfies MediaKind[];

/**
 * Reads media beside the question, the explanation or an answer: an InputPollMedia or InputPollOptionMedia object.
 * @param request the parameters of the request, with the files that came along
 * @param place beside what they stand
 * @throws BotError 400 `can't parse InputPollMedia JSON object`, `type "…" is unsupported`, `media not found`, and as places are read
 */
export function readPollMedia(value: unknown, request: Params, place: 'text' | 'option'): WantedPollMedia | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw badRequest("can't parse InputPollMedia JSON object");
  const params = request.inside<string>(value);
  const type = params.text('type');
  if (type === '') throw badRequest('type is not specified');
  if (type === 'location') return { _: 'inputMediaGeoPoint', geo_point: readPlace(request.inside<(typeof PLACE_PARAMS)[number]>(value)) };
  if (type === 'venue') return readVenue(request.inside<(typeof VENUE_PARAMS)[number]>(value));
  if (!(place === 'text' ? TEXT_FILES : OPTION_FILES).includes(type)) throw badRequest(`type "${type.slice(0, 64)}" is unsupported`);
  if (!params.has('media')) throw badRequest('media not found');
  return readWanted(params, type as MediaKind, 'media');
}

/** Whether a poll has media at all. */
export function hasMedia({ attached, explanation, options }: PollMedia): boolean {
  return [attached, explanation, ...options].some((one) => one !== undefined);
}

/**
 * The poll with its media. The server has made documents and photos of all files before the poll is sent, and keeps them for the bot.
 * @param peer where it will be sent
 * @throws as `prepareAlbumMedia`
 */
export async function withMedia(call: BotCall, input: tl.inputMediaPoll, { attached, explanation, options }: PollMedia, peer: tl.InputPeer): Promise<tl.inputMediaPoll> {
  const prepare = async (wanted: WantedPollMedia | undefined): Promise<tl.InputMedia | undefined> => {
    if (wanted === undefined || '_' in wanted) return wanted;
    return prepareAlbumMedia(call, wanted, peer);
  };
  // One after the other: each may have the server fetch a file.
  const [attached_media, solution_media] = [await prepare(attached), await prepare(explanation)];
  const answers: tl.PollAnswer[] = [];
  for (const [at, answer] of input.poll.answers.entries()) {
    const media = await prepare(options[at]);
    answers.push(answer._ === 'inputPollAnswer' ? { ...answer, media } : answer);
  }
  return { ...input, poll: { ...input.poll, answers }, attached_media, solution_media };
}
