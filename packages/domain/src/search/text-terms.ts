/**
 * How a text becomes the terms it is found by, the same for messages and for queries. Pure.
 *
 * Scripts that put spaces between words give words, found by any beginning of theirs. Those that do not (Chinese, Japanese,
 * Thai …) give each character with the next one, so that any part of a sentence is found as a row of neighbours.
 */

/** A piece of a text: a word, or an unbroken run of characters. */
type Piece = { kind: 'word'; text: string } | { kind: 'run'; characters: string[] };

/** Of a longer query only the beginning counts: each piece of it is a condition of the statement. */
const MAX_QUERY = 256;
/** Longer words are cut, in messages and queries alike. */
const MAX_WORD = 60;
/** Beyond this the database keeps no positions; no message is so long. */
const MAX_POSITION = 16_000;

const UNSPACED = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
// Symbols stand for themselves: people search for emoji, hashtags, cashtags and usernames.
const PIECES = /[#@$]?[\p{L}\p{N}\p{M}_]+|\p{RI}\p{RI}|\p{Extended_Pictographic}/gu;
const RUNS = new RegExp(`${UNSPACED}+|(?:(?!${UNSPACED}).)+`, 'gu');
const IS_RUN = new RegExp(`^${UNSPACED}`, 'u');
const ACCENTED = /([\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036F]+/gu;

/** Forms that people use for the same: case, width, accents of Latin and Greek, ё. */
function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(ACCENTED, '$1').normalize('NFC').toLowerCase().replaceAll('ё', 'е');
}

// Of ASCII the long way makes the same, at ten times the price; every message that is sent comes through here twice.
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

/** Hashtags, cashtags and usernames begin with these. */
const isSigned = (word: string): boolean => word.startsWith('#') || word.startsWith('@') || word.startsWith('$');

/** The terms of a text with their positions, which only those of runs have. */
export function termsOfText(text: string): Map<string, number[]> {
  const terms = new Map<string, number[]>();
  let position = 0;
  for (const piece of listPieces(text)) {
    if (piece.kind === 'word') {
      if (!terms.has(piece.text)) terms.set(piece.text, []);
      // `#tag` is found as `tag` too.
      const bare = isSigned(piece.text) ? piece.text.slice(1) : piece.text;
      if (!terms.has(bare)) terms.set(bare, []);
      continue;
    }
    // Runs that do not touch must not look like neighbours.
    position++;
    for (const [index, character] of piece.characters.entries()) {
      const term = character + (piece.characters[index + 1] ?? '');
      const positions = terms.get(term);
      position = Math.min(position + 1, MAX_POSITION);
      if (positions) positions.push(position);
      else terms.set(term, [position]);
    }
  }
  return terms;
}

/** A condition on terms: one that begins so, or a row of neighbours. */
export type TextCondition = { begins: string } | { row: string[] };

/** What a message must have to be found by this text, all of it; undefined when nothing in the text can be searched for. */
export function conditionsOfText(text: string): TextCondition[] | undefined {
  const conditions: TextCondition[] = [];
  for (const piece of listPieces(text.slice(0, MAX_QUERY))) {
    if (piece.kind === 'word') {
      conditions.push({ begins: piece.text });
      continue;
    }
    const { characters } = piece;
    if (characters.length === 1) conditions.push({ begins: characters[0]! });
    else conditions.push({ row: characters.slice(0, -1).map((character, index) => character + characters[index + 1]!) });
  }
  return conditions.length === 0 ? undefined : conditions;
}
