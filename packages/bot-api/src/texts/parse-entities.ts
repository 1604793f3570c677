import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { parseDateFormat } from './date-format.ts';
import { UrlProblem } from './http-url.ts';
import { checkLink, mentionEntity, parseInteger } from './links.ts';
import { byteOffset, codeBlock, sortEntities, type Span } from './marked-text.ts';

/** Types that the server finds itself. As with the official server, a bot may send them back, and they have no effect. */
const DETECTED: ReadonlySet<string> = new Set(['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number', 'bank_card_number']);
/** Types without fields of their own. */
const SIMPLE = new Map([
  ['bold', 'messageEntityBold'],
  ['italic', 'messageEntityItalic'],
  ['underline', 'messageEntityUnderline'],
  ['strikethrough', 'messageEntityStrike'],
  ['spoiler', 'messageEntitySpoiler'],
  ['code', 'messageEntityCode'],
] as const);
/** So many entities of a list are read. The server keeps fewer. */
const READ_MAX = 1000;
/** Offsets and lengths end here. */
const PLACE_MAX = 1_000_000;

/**
 * Reads an array of MessageEntity for a text. It rebuilds each from the fields of its type, and drops empty ones and those that the server finds
 * itself. What is no array counts as absent, as with the official server.
 * @throws BotError 400 with the texts of the official server
 */
export function parseEntities(text: string, value: unknown): tl.MessageEntity[] {
  if (!Array.isArray(value)) return [];
  const read = value.slice(0, READ_MAX).flatMap((item) => readEntity(item) ?? []);
  for (const entity of read) checkPlace(text, entity);
  return sortEntities(read.filter((entity) => entity.length > 0));
}

/** The fields of a JSON object. Numbers may be written as texts, and texts as numbers. */
class Fields {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('expected an Object');
    this.#value = value as Record<string, unknown>;
  }

  #find(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? (this.#value[name] ?? undefined) : undefined;
  }

  #required(name: string): unknown {
    const value = this.#find(name);
    if (value === undefined) throw unreadable(`Can't find field "${name}"`);
    return value;
  }

  integer(name: string, bits: 32 | 64): bigint {
    const value = this.#required(name);
    if (typeof value !== 'number' && typeof value !== 'string') throw unreadable(`Field "${name}" must be a Number`);
    const integer = parseInteger(String(value), bits);
    if (integer === undefined) throw unreadable(`Field "${name}" must be a valid Number`);
    return integer;
  }

  text(name: string): string {
    const value = this.#required(name);
    if (typeof value !== 'number' && typeof value !== 'string') throw unreadable(`Field "${name}" must be of type String`);
    return String(value);
  }

  /** '' if there is none. */
  optionalText(name: string): string {
    return this.#find(name) === undefined ? '' : this.text(name);
  }

  object(name: string): Fields {
    const value = this.#required(name);
    if (typeof value !== 'object' || Array.isArray(value)) throw unreadable(`Field "${name}" must be of type Object`);
    return new Fields(value);
  }
}

function unreadable(reason: string): Error {
  return badRequest(`can't parse MessageEntity: ${reason}`);
}

function readEntity(value: unknown): tl.MessageEntity | undefined {
  const fields = new Fields(value);
  const span = { offset: Number(fields.integer('offset', 32)), length: Number(fields.integer('length', 32)) };
  const type = fields.text('type');
  const simple = (SIMPLE as ReadonlyMap<string, tl.messageEntityBold['_']>).get(type);
  if (simple !== undefined) return { _: simple, ...span };
  switch (type) {
    case 'blockquote':
      return { _: 'messageEntityBlockquote', ...span };
    case 'expandable_blockquote':
      return { _: 'messageEntityBlockquote', collapsed: true, ...span };
    case 'pre':
      return codeBlock(span, fields.optionalText('language'));
    case 'text_link':
      return { _: 'messageEntityTextUrl', ...span, url: readUrl(fields) };
    case 'text_mention':
      return mentionEntity(span, fields.object('user').integer('id', 64));
    case 'custom_emoji':
      return readEmoji(fields, span);
    case 'date_time':
      return readDate(fields, span);
    case '':
      throw unreadable('Type is not specified');
    default:
      if (DETECTED.has(type)) return undefined;
      throw unreadable('Unsupported type specified');
  }
}

function readUrl(fields: Fields): string {
  const given = fields.text('url');
  const url = checkLink(given);
  if (url instanceof UrlProblem) throw badRequest(`entity URL '${given}' is invalid: ${url.reason}`);
  return url;
}

function readEmoji(fields: Fields, span: Span): tl.messageEntityCustomEmoji {
  const id = fields.integer('custom_emoji_id', 64);
  if (id === 0n) throw badRequest('invalid custom emoji identifier specified');
  return { _: 'messageEntityCustomEmoji', ...span, document_id: id };
}

function readDate(fields: Fields, span: Span): tl.messageEntityFormattedDate {
  const date = Number(fields.integer('unix_time', 32));
  const flags = parseDateFormat(fields.optionalText('date_time_format'), 'last');
  if (flags === undefined) throw unreadable('Invalid date-time format specified');
  if (date <= 0) throw badRequest('invalid date specified');
  return { _: 'messageEntityFormattedDate', ...flags, ...span, date };
}

/** Checks that an entity lies in the text and begins and ends between characters. An empty one may lie anywhere. */
function checkPlace(text: string, { offset, length }: Span): void {
  if (offset < 0 || offset > PLACE_MAX) throw badRequest(`receive an entity with incorrect offset ${offset}`);
  if (length < 0 || length > PLACE_MAX) throw badRequest(`receive an entity with incorrect length ${length}`);
  if (length === 0) return;
  const end = offset + length;
  if (offset > text.length) throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  if (end > text.length) throw badRequest(`entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`);
  if (splitsCharacter(text, offset)) throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, offset + 1)}`);
  if (splitsCharacter(text, end)) {
    throw badRequest(`entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, end + 1)}`);
  }
}

/** Whether a place lies between the two halves of a character. */
function splitsCharacter(text: string, at: number): boolean {
  return at > 0 && text.codePointAt(at - 1)! > 0xffff;
}
