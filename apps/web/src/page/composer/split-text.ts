import type { FormattedText, TextEntity } from '../../protocol/index.ts';

/** Longest text of one message, in UTF-16 code units. */
export const TEXT_MAX = 4096;

/** Where to cut a text: after a line, else after a word, else where it must be, but never within one character. */
function cutAt(text: string, from: number, max: number): number {
  if (text.length - from <= max) return text.length;
  const part = text.slice(from, from + max);
  const line = part.lastIndexOf('\n');
  const word = part.lastIndexOf(' ');
  if (line > max / 2) return from + line + 1;
  if (word > max / 2) return from + word + 1;
  const isHalf = /[\uD800-\uDBFF]/.test(part.at(-1)!);
  return from + max - (isHalf ? 1 : 0);
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
