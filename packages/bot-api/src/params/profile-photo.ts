import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/**
 * Reads the parameter `photo` with an InputProfilePhoto object, whose file comes with the request.
 * @throws BotError 400
 */
export function readProfilePhoto(params: Pick<Params<'photo'>, 'json' | 'fileOf'>): Pick<tl.photos.uploadProfilePhoto, 'file' | 'video' | 'video_start_ts'> {
  const value = params.json('photo', 'photo');
  if (value === undefined) throw badRequest("photo isn't specified");
  if (!isJsonObject(value)) throw badRequest('object expected as profile photo');
  const fields = new JsonFields(value);
  const upload = (name: string, error: string): tl.InputFile => {
    const file = params.fileOf(fields.text(name));
    if (file?.kind !== 'upload') throw badRequest(error);
    return file.upload.file;
  };
  switch (fields.text('type')) {
    case 'static':
      return { file: upload('photo', 'photo must be uploaded as a file') };
    case 'animated':
      return { video: upload('animation', 'animation must be uploaded as a file'), video_start_ts: readTimestamp(fields) };
    default:
      throw badRequest('invalid profile photo type specified');
  }
}

/** The moment of an animation that is shown where nothing moves, in seconds. */
function readTimestamp(fields: JsonFields): number | undefined {
  const text = fields.text('main_frame_timestamp');
  const seconds = text.trim() === '' ? 0 : Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) throw badRequest('field "main_frame_timestamp" must be of type Number');
  return seconds === 0 ? undefined : seconds;
}
