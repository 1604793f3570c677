/**
 * Characters that show nothing on the screen: white space, control characters, characters with the Unicode property Default_Ignorable
 * (zero-width and formatting characters, variation selectors, Hangul fillers), the blank braille pattern, and annotation and object
 * anchors.
 */
const INVISIBLE = /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc]*$/u;

/** Whether a text has any visible character. Pure. */
export function isVisibleText(text: string): boolean {
  return !INVISIBLE.test(text);
}
