import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { BAD_REQUEST, badRequest, BotError } from '../bot-error.ts';
import { isJsonObject, JsonFields } from '../params/json-fields.ts';
import { readMarkup } from '../params/markup.ts';
import { type Params, paramsOf } from '../params/params.ts';
import { type MessageContent, readContact, readFileContent, readLocation, readMessageContent, readVenue } from './message-content.ts';
import { FILE_KINDS, type FileKind, readFile, readThumb } from './result-files.ts';

/** Maximum number of results of one answer (core.telegram.org/bots/api#answerinlinequery). */
const RESULTS_MAX = 50;

/** How errors of a single result begin. */
const CONTEXT = "can't parse inline query result: ";

/** The type of the page of an article whose address clients are not to show. */
const PAGE_TYPE = 'text/html';

/** A type of results that are places or people. */
interface PlainKind {
  /** What the MTProto API calls the type. */
  type: 'geo' | 'venue' | 'contact';
  /** Reads what the result becomes if it names no other message. */
  read(fields: JsonFields): MessageContent;
}

/** The types of results that are places or people, by their names in the Bot API. */
const PLAIN_KINDS: ReadonlyMap<string, PlainKind> = new Map<string, PlainKind>([
  ['location', { type: 'geo', read: readLocation }],
  ['venue', { type: 'venue', read: readVenue }],
  ['contact', { type: 'contact', read: readContact }],
]);

/** Types of results that clients show as a grid of pictures, as the MTProto API calls them. */
const GALLERY_TYPES = new Set(['photo', 'gif', 'video', 'sticker']);

/** A result that is a file of the server. */
export interface CachedResult extends Omit<tl.inputBotInlineResultDocument, '_' | 'document' | 'type'> {
  _: 'cached';
  type: FileKind['type'];
  fileId: string;
}

/** Results, of which the files of the server are still to be found. */
export interface ReadResults {
  results: (tl.inputBotInlineResult | CachedResult)[];
  /** Whether all of them are pictures. */
  isGallery: boolean;
}

/**
 * Reads the parameter `results`. Games, invoices and rich messages are refused, because the server has none.
 * @throws BotError 400 `expected an Array of inline query results`, `too many inline query results specified`, `can't parse inline query result: …`;
 * RpcError RESULT_TYPE_INVALID, SEND_MESSAGE_TYPE_INVALID
 */
export function readResults(params: Pick<Params<'results'>, 'json'>): ReadResults {
  const value = params.json('results', 'inline query results') ?? [];
  if (!Array.isArray(value)) throw badRequest('expected an Array of inline query results');
  if (value.length > RESULTS_MAX) throw badRequest('too many inline query results specified');
  const results = value.map((item: unknown) => explaining(() => readResult(item)));
  return { results, isGallery: results.length > 0 && results.every(({ type }) => GALLERY_TYPES.has(type)) };
}

/** Says in the errors of texts and keyboards, too, what they were a part of. */
function explaining<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BotError) || error.message.startsWith(BAD_REQUEST + CONTEXT) || !error.message.startsWith(BAD_REQUEST)) throw error;
    throw badRequest(CONTEXT + error.message.slice(BAD_REQUEST.length).replace(/^can't /, "Can't "));
  }
}

function readResult(value: unknown): tl.inputBotInlineResult | CachedResult {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, CONTEXT);
  if (!isJsonObject(value)) throw fields.error('Inline query result must be an object');
  const type = fields.neededText('type').toLowerCase();
  const id = fields.neededText('id');
  const content = readMessageContent(fields);
  const withMarkup = (message: MessageContent | undefined): MessageContent => {
    if (message === undefined) throw fields.error('Input message content is not specified');
    return { ...message, reply_markup: readMarkup(paramsOf(value)) };
  };
  if (type === 'article') return readArticle(fields, id, withMarkup(content));
  const plain = PLAIN_KINDS.get(type);
  if (plain !== undefined) return { _: 'inputBotInlineResult', id, type: plain.type, ...readPlainTitles(fields, plain.type), thumb: readThumb(fields), send_message: withMarkup(content ?? plain.read(fields)) };
  if (type === 'game') throw rpcError('RESULT_TYPE_INVALID');
  const kind = FILE_KINDS.get(type);
  if (kind === undefined) throw fields.error(`type "${type.slice(0, 64)}" is unsupported for the inline query result`);
  const shown = { id, type: kind.type, ...readTitles(fields), send_message: withMarkup(content ?? readFileContent(value, fields)) };
  const file = readFile(fields, kind);
  if ('content' in file) return { _: 'inputBotInlineResult', ...shown, thumb: readThumb(fields), content: file.content };
  return { _: 'cached', ...shown, fileId: file.fileId };
}

function readArticle(fields: JsonFields, id: string, send_message: MessageContent): tl.inputBotInlineResult {
  fields.neededText('title');
  const url = fields.text('url') || undefined;
  const content: tl.inputWebDocument | undefined = url !== undefined && fields.bool('hide_url') ? { _: 'inputWebDocument', url, size: 0, mime_type: PAGE_TYPE, attributes: [] } : undefined;
  return { _: 'inputBotInlineResult', id, type: 'article', ...readTitles(fields), url: content === undefined ? url : undefined, thumb: readThumb(fields), content, send_message };
}

function readTitles(fields: JsonFields): { title: string | undefined; description: string | undefined } {
  return { title: fields.text('title') || undefined, description: fields.text('description') || undefined };
}

/** What clients show of a place or of a person in the list of results. */
function readPlainTitles(fields: JsonFields, type: PlainKind['type']): { title: string; description?: string } {
  if (type === 'geo') return { title: fields.neededText('title') };
  if (type === 'venue') return { title: fields.neededText('title'), description: fields.neededText('address') };
  const name = [fields.neededText('first_name'), fields.text('last_name')].filter((part) => part !== '').join(' ');
  return { title: name, description: fields.neededText('phone_number') };
}
