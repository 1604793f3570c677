import { badRequest } from '../bot-error.ts';
import { PREVIEW_PARAMS, readLinkPreview } from '../params/link-preview.ts';
import type { Params } from '../params/params.ts';
import { readText, TEXT_NAMES } from '../texts/index.ts';
import type { Content } from './send-content.ts';

/** Parameters of the text of a message. */
export const TEXT_PARAMS = ['text', 'parse_mode', 'entities', ...PREVIEW_PARAMS] as const;

/**
 * Reads a text that is the whole message, with its link preview.
 * @throws BotError 400 `message text is empty`; as `readText` and `readLinkPreview`
 */
export function readMessageText(params: Params<(typeof TEXT_PARAMS)[number]>): Content {
  const { message, entities } = readText(params, TEXT_NAMES);
  if (message.trim() === '') throw badRequest('message text is empty');
  const { isDisabled, isAbove, page } = readLinkPreview(params);
  return { message, entities, media: page, noWebpage: isDisabled, invertMedia: isAbove };
}
