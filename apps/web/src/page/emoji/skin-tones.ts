/** The modifiers of Unicode for the colour of skin, from light to dark. */
const TONES = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];

const BASE = /\p{Emoji_Modifier_Base}\uFE0F?/gu;

/** An emoji without a colour of skin. Pure. */
export const withoutTone = (emoji: string): string => emoji.replace(/[\u{1F3FB}-\u{1F3FF}]/gu, '');

/** An emoji in all colours of skin that it may have, itself first. Emoji of several people, and those without skin, have one only. Pure. */
export function tonesOf(emoji: string): string[] {
  const plain = withoutTone(emoji);
  if ([...plain.matchAll(BASE)].length !== 1) return [emoji];
  return [plain, ...TONES.map((tone) => plain.replace(BASE, (base) => `${base.replace('\uFE0F', '')}${tone}`))];
}
