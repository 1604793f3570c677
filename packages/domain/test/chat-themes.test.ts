import { expect, test } from 'vitest';

import { CHAT_THEMES, findChatTheme } from '../src/wallpapers/index.ts';
import { DEFAULT_WALLPAPERS } from '../src/wallpapers/default-wallpapers.ts';

const ONE_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** How bright a colour is, from 0 to 1 (www.w3.org/TR/WCAG21/#dfn-relative-luminance). */
function brightness(colour: number): number {
  const [red, green, blue] = [16, 8, 0].map((bit) => ((colour >> bit) & 255) / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('themes of chats have what clients demand: an emoji, a light look and a dark one, each with colours of messages and a background', () => {
  for (const { emoticon, for_chat: forChat, settings = [], document } of CHAT_THEMES) {
    expect([forChat, document]).toEqual([true, undefined]);
    expect(emoticon).toMatch(ONE_EMOJI);
    expect(settings.map(({ base_theme: base }) => base._)).toEqual(['baseThemeClassic', 'baseThemeTinted']);
    for (const [at, { message_colors: colours = [], wallpaper }] of settings.entries()) {
      expect(wallpaper).toMatchObject({ _: 'wallPaperNoFile', settings: { background_color: expect.any(Number) as number } });
      // Apps write dark texts on light messages, and white ones on dark messages.
      for (const colour of colours) expect(at === 0 ? brightness(colour) > 0.7 : brightness(colour) < 0.1, `${emoticon} ${colour.toString(16)}`).toBe(true);
      expect(colours).toHaveLength(2);
    }
  }
});

test('themes and their backgrounds have ids that nothing else has, and that TDLib does not take for its own', () => {
  const ids = CHAT_THEMES.flatMap(({ id, settings = [] }) => [id, ...settings.flatMap(({ wallpaper }) => wallpaper?.id ?? [])]);
  expect(ids).toHaveLength(3 * CHAT_THEMES.length);
  expect(new Set([...ids, ...DEFAULT_WALLPAPERS.keys()]).size).toBe(ids.length + DEFAULT_WALLPAPERS.size);
  expect(ids.every((id) => id > 2n ** 32n)).toBe(true);
});

test('a theme is found by its emoji, as apps write it', () => {
  expect(['🌊', '⛄\uFE0F', '🙂', '', '🌊'.repeat(1000)].map(findChatTheme)).toEqual(['🌊', '⛄', undefined, undefined, undefined]);
});
