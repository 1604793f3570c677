const RGI_EMOJI = new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');
/** Characters that are shown as text unless U+FE0F follows. */
const TEXT_FIRST = /(?!\p{Emoji_Presentation})(\p{Emoji})(?!\p{Emoji_Modifier})/gu;
/** More than the longest emoji has, in UTF-16 units. */
const UNITS_MAX = 40;

/** Whether a text is exactly one emoji, however often U+FE0F stands in it. Pure. */
export function isOneEmoji(text: string): boolean {
  if (text === '' || text.length > UNITS_MAX) return false;
  return RGI_EMOJI.test(text) || RGI_EMOJI.test(text.replaceAll('\uFE0F', '').replaceAll(TEXT_FIRST, '$1\uFE0F'));
}
