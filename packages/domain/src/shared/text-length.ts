/**
 * Whether a text is longer than so many characters: Unicode code points, as official clients and servers count texts, captions and polls. The offsets of entities count UTF-16 units, of which a
 * character has one or two. Pure.
 */
export function isLongerThan(text: string, characters: number): boolean {
  // A text with fewer units needs no counting, and neither does one with more units than so many characters can have.
  if (text.length <= characters) return false;
  return text.length > 2 * characters || text.length - countPairs(text) > characters;
}

/** How many characters of a text have two UTF-16 units. */
function countPairs(text: string): number {
  let pairs = 0;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc_00) !== 0xd8_00 || (text.charCodeAt(at + 1) & 0xfc_00) !== 0xdc_00) continue;
    pairs++;
    at++;
  }
  return pairs;
}
