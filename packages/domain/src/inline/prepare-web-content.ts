import { type ErrorName, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanMimeType, prepareAttributes } from '../documents/index.ts';
import { normalizeUrl } from '../shared/index.ts';
import { type UrlFileOfKind, type UrlKind, urlBytesMax, type WebFileSigner } from '../web-files/index.ts';

/** A page that a client may open for an article or play in a video. It is no file, so nothing of it is sent. */
const PAGE_TYPE = 'text/html';

/** The types that a bot may give a file of a kind, and the errors if it gives another one, or no URL. */
interface KindRules {
  types: RegExp;
  typeError: ErrorName & ('PHOTO_CONTENT_TYPE_INVALID' | 'GIF_CONTENT_TYPE_INVALID' | 'VIDEO_CONTENT_TYPE_INVALID' | 'FILE_CONTENT_TYPE_INVALID' | 'WEBDOCUMENT_MIME_INVALID');
  emptyError: ErrorName & ('PHOTO_CONTENT_URL_EMPTY' | 'AUDIO_CONTENT_URL_EMPTY' | 'WEBDOCUMENT_URL_EMPTY');
}

const KINDS: Readonly<Record<UrlKind, KindRules>> = {
  photo: { types: /^image\/(?:jpeg|png|webp)$/, typeError: 'PHOTO_CONTENT_TYPE_INVALID', emptyError: 'PHOTO_CONTENT_URL_EMPTY' },
  gif: { types: /^(?:image\/gif|video\/mp4)$/, typeError: 'GIF_CONTENT_TYPE_INVALID', emptyError: 'WEBDOCUMENT_URL_EMPTY' },
  video: { types: /^(?:video\/mp4|text\/html)$/, typeError: 'VIDEO_CONTENT_TYPE_INVALID', emptyError: 'WEBDOCUMENT_URL_EMPTY' },
  audio: { types: /^audio\/[a-z0-9.+-]+$/, typeError: 'WEBDOCUMENT_MIME_INVALID', emptyError: 'AUDIO_CONTENT_URL_EMPTY' },
  voice: { types: /^audio\/[a-z0-9.+-]+$/, typeError: 'WEBDOCUMENT_MIME_INVALID', emptyError: 'AUDIO_CONTENT_URL_EMPTY' },
  file: { types: /^application\/(?:pdf|zip)$/, typeError: 'FILE_CONTENT_TYPE_INVALID', emptyError: 'WEBDOCUMENT_URL_EMPTY' },
  sticker: { types: /^image\/webp$/, typeError: 'WEBDOCUMENT_MIME_INVALID', emptyError: 'WEBDOCUMENT_URL_EMPTY' },
};

/** Whether results of a type can be files at a URL. Pure. */
export function isUrlKind(type: string): type is UrlKind {
  return Object.hasOwn(KINDS, type);
}

/** Maximum size of a picture of a result, as its bot states it, in bytes. Only clients read it. */
const THUMB_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Rebuilds a picture of another site, which clients load through this server.
 * @throws RpcError WEBDOCUMENT_URL_INVALID, WEBDOCUMENT_MIME_INVALID
 */
export function signThumb(signer: Pick<WebFileSigner, 'sign'>, { url: raw, size, mime_type: mimeType, attributes }: tl.InputWebDocument): tl.webDocument {
  const url = normalizeUrl(raw);
  if (url === undefined) throw rpcError('WEBDOCUMENT_URL_INVALID');
  if (!/^(?:image\/(?:jpeg|png|gif|webp)|video\/mp4)$/.test(mimeType)) throw rpcError('WEBDOCUMENT_MIME_INVALID');
  const sides = attributes.filter((attribute) => attribute._ === 'documentAttributeImageSize').slice(0, 1);
  return signer.sign({ url, size: Math.max(0, Math.min(size, THUMB_BYTES_MAX)), mimeType, attributes: sides.map(({ _, w, h }) => ({ _, w, h })) });
}

/**
 * Rebuilds the file of another site that a result is. Clients load it through this server; a page they open themselves.
 * @returns undefined if there is none, and results of this type need none
 * @throws RpcError RESULT_TYPE_INVALID (there is a file that results of this type cannot have), WEBDOCUMENT_URL_INVALID, WEBDOCUMENT_SIZE_TOO_BIG, and as the rules of the kind say
 */
export function prepareWebContent(signer: Pick<WebFileSigner, 'sign'>, type: string, content: tl.InputWebDocument | undefined): tl.WebDocument | undefined {
  if (isUrlKind(type)) return prepareFile(signer, type, content);
  return content && preparePage(content);
}

/** The page of an article whose link clients are not to show. */
function preparePage({ url: raw, mime_type: mimeType }: tl.InputWebDocument): tl.webDocumentNoProxy {
  if (mimeType !== PAGE_TYPE) throw rpcError('RESULT_TYPE_INVALID');
  const url = normalizeUrl(raw);
  if (url === undefined) throw rpcError('WEBDOCUMENT_URL_INVALID');
  return { _: 'webDocumentNoProxy', url, size: 0, mime_type: PAGE_TYPE, attributes: [] };
}

function prepareFile(signer: Pick<WebFileSigner, 'sign'>, kind: UrlKind, content: tl.InputWebDocument | undefined): tl.WebDocument {
  const { types, typeError, emptyError } = KINDS[kind];
  if (content === undefined || content.url === '') throw rpcError(emptyError);
  const url = normalizeUrl(content.url);
  if (url === undefined) throw rpcError('WEBDOCUMENT_URL_INVALID');
  const mimeType = cleanMimeType(content.mime_type);
  if (!types.test(mimeType)) throw rpcError(typeError);
  if (content.size > urlBytesMax(kind)) throw rpcError('WEBDOCUMENT_SIZE_TOO_BIG');
  const file = { url, size: Math.max(0, content.size), mimeType, attributes: prepareAttributes(content.attributes) };
  return mimeType === PAGE_TYPE ? { _: 'webDocumentNoProxy', url, size: file.size, mime_type: mimeType, attributes: file.attributes } : signer.sign(file);
}

/** The file that a result becomes when it is sent; undefined if it is none of another site. Pure. */
export function urlFileOf(result: tl.BotInlineResult): UrlFileOfKind | undefined {
  if (result._ !== 'botInlineResult' || result.content?._ !== 'webDocument' || !isUrlKind(result.type)) return undefined;
  return { url: result.content.url, kind: result.type, attributes: result.content.attributes };
}
