import { LANGUAGE_MAX } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { badRequest, type BotError } from '../bot-error.ts';

/** A text without markup, and its entities in UTF-16 units. */
export interface MarkedText {
  text: string;
  entities: tl.MessageEntity[];
}

/** The range of an entity in a text, in UTF-16 units. */
export interface Span {
  offset: number;
  length: number;
}

/** The error for markup that cannot be read. */
export function markupError(text: string): BotError {
  return badRequest(`can't parse entities: ${text}`);
}

/** The place of a UTF-16 unit of a text, counted in bytes of UTF-8, as error texts give it. */
export function byteOffset(text: string, at: number): number {
  return Buffer.byteLength(text.slice(0, at));
}

/** A block of code. What is too long for a language is none: a line of code that stands where a language may would otherwise be refused. */
export function codeBlock(span: Span, language: string): tl.messageEntityPre {
  return { _: 'messageEntityPre', ...span, language: language.length > LANGUAGE_MAX ? '' : language };
}

/** The text with the letters A to Z in lower case; others stay, so that its length does too. */
export function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Entities of equal range are ordered from the outer to the inner one; a kind that is not named here lies between quotes with code and styles. */
const RANKS: Partial<Record<tl.MessageEntity['_'], number>> = {
  messageEntityBlockquote: 0,
  messageEntityPre: 1,
  messageEntityCode: 2,
  messageEntityBold: 4,
  messageEntityItalic: 5,
  messageEntityUnderline: 6,
  messageEntityStrike: 7,
  messageEntitySpoiler: 8,
  messageEntityCustomEmoji: 9,
};
const OTHER_RANK = 3;

/** Orders entities by place, a longer one before those in it. Changes the array. */
export function sortEntities(entities: tl.MessageEntity[]): tl.MessageEntity[] {
  return entities.sort(compareEntities);
}

/** The order of {@link sortEntities}. */
export function compareEntities(a: tl.MessageEntity, b: tl.MessageEntity): number {
  return a.offset - b.offset || b.length - a.length || rankOf(a) - rankOf(b);
}

function rankOf(entity: tl.MessageEntity): number {
  return RANKS[entity._] ?? OTHER_RANK;
}
