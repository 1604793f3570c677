/**
 * Characters that say nothing without others: white space, control characters, characters with the Unicode property Default_Ignorable
 * (zero-width and formatting characters, variation selectors, Hangul fillers), combining marks, lone surrogates, private and unassigned code
 * points, the blank braille pattern, annotation and object anchors, and the replacement character. Emoji of the next Unicode version are still
 * unassigned here, but code points are reserved for them.
 */
const INVISIBLE =
  /^(?:[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\p{M}\p{Cs}\p{Co}\u2800\ufff9-\ufffd]|(?!\p{Extended_Pictographic})\p{Cn})*$/u;

/** Whether a text has any visible character. Pure. */
export function isVisibleText(text: string): boolean {
  return !INVISIBLE.test(text);
}
