import { badRequest, explain } from '../bot-error.ts';
import type { WantedMedia } from '../files/input-file.ts';
import type { MediaKind } from '../files/media-details.ts';
import { isJsonObject } from '../params/json-fields.ts';
import type { Params } from '../params/params.ts';
import { readWanted } from './read-media.ts';
import type { Content } from './send-content.ts';
import { readCaption } from './send-file.ts';

const TYPES: ReadonlySet<string> = new Set<MediaKind>(['photo', 'video', 'animation', 'audio', 'document']);

/** What an InputMedia object says. */
export interface InputMediaObject {
  wanted: WantedMedia;
  caption: Content;
}

/**
 * Reads an InputMedia object: a file with its caption.
 * @param request the parameters of the request, with the files that came along
 * @throws BotError 400 `can't parse InputMedia: …`
 */
export function readInputMedia(value: object, request: Params): InputMediaObject {
  try {
    const params = request.inside<string>(value);
    const type = params.text('type');
    if (type === '') throw badRequest('type is not specified');
    if (!isType(type)) throw badRequest(`type "${type.slice(0, 64)}" is unsupported`);
    if (!params.has('media')) throw badRequest('media not found');
    return { wanted: readWanted(params, type, 'media'), caption: readCaption(params) };
  } catch (error) {
    throw explain(error, "can't parse InputMedia: ");
  }
}

/** Reads a list of InputMedia objects. @throws BotError 400 */
export function readInputMediaList(params: Params<'media'>): InputMediaObject[] {
  const value = params.json('media', 'media');
  if (!Array.isArray(value)) throw badRequest('expected an Array of InputMedia');
  return value.map((one: unknown) => {
    if (!isJsonObject(one)) throw badRequest('expected an Array of InputMedia');
    return readInputMedia(one, params);
  });
}

function isType(type: string): type is MediaKind {
  return TYPES.has(type);
}
