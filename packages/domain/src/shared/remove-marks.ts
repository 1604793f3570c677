/** Marks that change the lines around a text or turn its direction, and lines and rings that can be stacked above and below letters. */
// oxlint-disable-next-line no-misleading-character-class -- each mark is looked for by itself
const REMOVED = /[\u2028-\u202e]|\u0333|\u033f|\u030a/g;
/** Where a text may be something else in the normalisation form C, or have a mark to remove. All other texts, such as English and German ones, stay as they are. */
const UNCERTAIN = /[\u0300-\uffff]/;

/**
 * Puts a text into the normalisation form C, in which a letter with a ring is one character, and removes the marks that remain and disturb. As the official server does. Pure.
 * @returns the same text if there is nothing to do
 */
export function removeMarks(text: string): string {
  return UNCERTAIN.test(text) ? text.normalize('NFC').replaceAll(REMOVED, '') : text;
}

/**
 * The same for a text with entities.
 * @param edges places in the text, in UTF-16 units, that must stay apart: where entities begin and end
 * @returns the new text, and a function that maps these places to those in the new text
 */
export function removeMarksBetween(text: string, edges: Iterable<number>): { text: string; placeOf: (edge: number) => number } {
  if (removeMarks(text) === text) return { text, placeOf: (edge) => edge };
  const places = new Map<number, number>();
  let [clean, last] = ['', 0];
  for (const edge of [...new Set([...edges, text.length])].filter((at) => at >= 0 && at <= text.length).toSorted((one, other) => one - other)) {
    clean += removeMarks(text.slice(last, edge));
    places.set(edge, clean.length);
    last = edge;
  }
  return { text: clean, placeOf: (edge) => places.get(edge)! };
}
