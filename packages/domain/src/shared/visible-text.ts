/**
 * Characters that leave nothing on the screen: white space, control characters, those that Unicode says may be ignored (zero-width
 * and formatting ones, variation selectors, Hangul fillers), the empty braille pattern, and anchors of annotations and objects.
 */
const INVISIBLE = /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc]*$/u;

/** Whether a text shows anything. Pure. */
export function isVisibleText(text: string): boolean {
  return !INVISIBLE.test(text);
}
