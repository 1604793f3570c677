// Splits a text into search terms, in the same way for messages and queries. Pure.
//
// Scripts with spaces between words yield words, which match by any prefix. Scripts without spaces (Chinese, Japanese, Thai …) yield each
// character together with the next one, so that any part of a sentence matches as a sequence of adjacent pairs.

import { decomposeText } from '../shared/index.ts';

/** A piece of a text: a word, or a run of characters without spaces. */
type Piece = { kind: 'word'; text: string } | { kind: 'run'; characters: string[] };

/** Maximum length of a query; the rest is ignored, because each piece becomes a condition of the statement. */
const MAX_QUERY = 256;
/** Maximum number of conditions of a query, and of pairs in one of them. */
const MAX_CONDITIONS = 128;
/** Longer words are cut, in messages and queries alike. */
const MAX_WORD = 60;
/** Near PostgreSQL's maximum position in a tsvector (16,383). No message has that many characters. */
const MAX_POSITION = 16_000;
/** Maximum number of terms of one text. */
const MAX_TERMS = 4096;

const UNSPACED = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
// Symbols are kept, because people search for emoji, hashtags, cashtags and usernames.
const PIECES = /[#@$]?[\p{L}\p{N}\p{M}_]+|\p{RI}\p{RI}|\p{Extended_Pictographic}/gu;
const RUNS = new RegExp(`${UNSPACED}+|(?:(?!${UNSPACED}).)+`, 'gu');
const IS_RUN = new RegExp(`^${UNSPACED}`, 'u');
const ACCENTED = /([\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036F]+/gu;

/** Unifies variants that people treat as the same: case, width, accents in Latin and Greek, and ё. */
function fold(text: string): string {
  return decomposeText(text).replaceAll(ACCENTED, '$1').normalize('NFC').toLowerCase().replaceAll('ё', 'е');
}

// For ASCII this shortcut gives the same result as the general way at a tenth of the cost. Every sent message takes it twice.
const ASCII = /^[\0-\x7F]*$/;
const ASCII_WORDS = /[#@$]?\w+/g;

function listPieces(text: string): Piece[] {
  if (ASCII.test(text)) return (text.toLowerCase().match(ASCII_WORDS) ?? []).map((word) => ({ kind: 'word', text: word.slice(0, MAX_WORD) }));
  const pieces: Piece[] = [];
  for (const [found] of fold(text).matchAll(PIECES)) {
    for (const [part] of found.matchAll(RUNS)) {
      if (IS_RUN.test(part)) pieces.push({ kind: 'run', characters: Array.from(part) });
      else if (!/^[#@$]$/.test(part)) pieces.push({ kind: 'word', text: part.slice(0, MAX_WORD) });
    }
  }
  return pieces;
}

/** Whether a word is a hashtag, cashtag or username. */
const isSigned = (word: string): boolean => word.startsWith('#') || word.startsWith('@') || word.startsWith('$');

/** The terms of a text with their positions. Only terms of runs have positions. */
export function termsOfText(text: string): Map<string, number[]> {
  const terms = new Map<string, number[]>();
  let position = 0;
  for (const piece of listPieces(text)) {
    if (terms.size >= MAX_TERMS) break;
    if (piece.kind === 'word') {
      if (!terms.has(piece.text)) terms.set(piece.text, []);
      // `#tag` also matches a search for `tag`.
      const bare = isSigned(piece.text) ? piece.text.slice(1) : piece.text;
      if (!terms.has(bare)) terms.set(bare, []);
      continue;
    }
    // A gap between positions, so that separate runs do not seem adjacent.
    position++;
    for (const [index, character] of piece.characters.entries()) {
      const term = character + (piece.characters[index + 1] ?? '');
      const positions = terms.get(term);
      position = Math.min(position + 1, MAX_POSITION);
      if (positions) positions.push(position);
      else if (terms.size < MAX_TERMS) terms.set(term, [position]);
    }
  }
  return terms;
}

/** Makes the terms of each text once, because the copies of a message in several boxes have the same text. It grows with each text, so use one for a bounded number of messages only. */
export class TermsOfTexts {
  readonly #found = new Map<string, ReadonlyMap<string, readonly number[]>>();

  /** The terms of a text with their positions. Only the first call for a text makes them. */
  find(text: string): ReadonlyMap<string, readonly number[]> {
    const known = this.#found.get(text);
    if (known !== undefined) return known;
    const terms = termsOfText(text);
    this.#found.set(text, terms);
    return terms;
  }
}

const TAGS = /(?<![\p{L}\p{N}\p{M}_#$])[#$](?:[\p{L}\p{N}\p{M}_\u200D]|\p{Extended_Pictographic}|\p{RI})+/gu;

/** The hashtags and cashtags of a text as single terms, whatever their script. Pure. */
export function tagsOfText(text: string): string[] {
  if (!/[#$＃＄]/u.test(text)) return [];
  return Array.from(fold(text).replaceAll('\uFE0F', '').matchAll(TAGS), ([tag]) => tag.slice(0, MAX_WORD));
}

/** A condition on terms: a prefix, or a sequence of adjacent terms. */
export type TextCondition = { begins: string } | { row: string[] };

/** The conditions that a message must meet to match a query, all of them; undefined if the query has nothing to search for. */
export function conditionsOfText(text: string): TextCondition[] | undefined {
  const conditions: TextCondition[] = [];
  for (const piece of listPieces(text.slice(0, MAX_QUERY)).slice(0, MAX_CONDITIONS)) {
    if (piece.kind === 'word') {
      conditions.push({ begins: piece.text });
      continue;
    }
    const characters = piece.characters.slice(0, MAX_CONDITIONS + 1);
    if (characters.length === 1) conditions.push({ begins: characters[0]! });
    else conditions.push({ row: characters.slice(0, -1).map((character, index) => character + characters[index + 1]!) });
  }
  return conditions.length === 0 ? undefined : conditions;
}
