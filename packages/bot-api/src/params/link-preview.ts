import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/** Parameters that say which link preview a text has. The last one is old. */
export const PREVIEW_PARAMS = ['link_preview_options', 'disable_web_page_preview'] as const;

/** The link preview of a text. */
export interface LinkPreview {
  isDisabled: boolean;
  isAbove: boolean;
  /** The page that is shown in place of the first one that the text links to. */
  page?: tl.inputMediaWebPage;
}

/** Reads which link preview a text is to have. @throws BotError 400 */
export function readLinkPreview(params: Params<(typeof PREVIEW_PARAMS)[number]>): LinkPreview {
  const value = params.json('link_preview_options', 'link preview options');
  if (value === undefined || value === null) return { isDisabled: params.bool('disable_web_page_preview'), isAbove: false };
  if (!isJsonObject(value)) throw badRequest('object expected as link preview options');
  const fields = new JsonFields(value);
  const url = fields.text('url');
  const isDisabled = fields.bool('is_disabled');
  const isAbove = fields.bool('show_above_text');
  if (isDisabled || url === '') return { isDisabled, isAbove };
  const force_small_media = fields.bool('prefer_small_media');
  const force_large_media = fields.bool('prefer_large_media');
  // Without `optional`, a page that cannot be fetched would keep the message from being sent.
  return { isDisabled, isAbove, page: { _: 'inputMediaWebPage', url, force_small_media, force_large_media, optional: true } };
}
