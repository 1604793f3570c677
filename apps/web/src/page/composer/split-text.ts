import type { FormattedText, TextEntity } from '../../protocol/index.ts';

/** Longest text of one message, in characters: Unicode code points, as the server counts them. */
export const TEXT_MAX = 4096;

/** Where to cut a text: after a line, else after a word, else where it must be, but never within one character. */
function cutAt(text: string, from: number, max: number): number {
  const end = endOf(text, from, max);
  if (end === text.length) return end;
  const part = text.slice(from, end);
  const line = part.lastIndexOf('\n');
  const word = part.lastIndexOf(' ');
  if (line > part.length / 2) return from + line + 1;
  if (word > part.length / 2) return from + word + 1;
  return end;
}

/** Where so many characters of a text end, counted from a place. */
function endOf(text: string, from: number, characters: number): number {
  let at = from;
  for (let count = 0; count < characters && at < text.length; count++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}

/** The number of characters of a text. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** Divides a text that is too long for one message. Pure. */
export function splitText({ text, entities }: FormattedText, max = TEXT_MAX): FormattedText[] {
  const parts: FormattedText[] = [];
  for (let from = 0; from < text.length || parts.length === 0; ) {
    const to = cutAt(text, from, max);
    const start = from;
    const inside = entities.flatMap((entity): TextEntity[] => {
      const offset = Math.max(entity.offset, start);
      const length = Math.min(entity.offset + entity.length, to) - offset;
      return length > 0 ? [{ ...entity, offset: offset - start, length }] : [];
    });
    parts.push({ text: text.slice(start, to), entities: inside });
    from = to;
    if (text.length === 0) break;
  }
  return parts;
}
