import type { tl } from '@aerogram/tl';

/** How a chat looks in light or dark: colours as 0xRRGGBB. */
interface Look {
  accent: number;
  /** Of the own messages, from top to bottom. Texts on them are dark in light looks, and white in dark ones. */
  bubbles: readonly [number, number];
  /** The background: a gradient that flows between four points. */
  ground: readonly [number, number, number, number];
}

interface ChatTheme {
  emoji: string;
  title: string;
  light: Look;
  dark: Look;
}

/** The themes of private chats. Their order gives them their ids, so new ones are added at the end. */
const THEMES: readonly ChatTheme[] = [
  {
    emoji: '🌊', title: 'Sea',
    light: { accent: 0x1b7fb8, bubbles: [0xd3edff, 0xd7f6f2], ground: [0xbfe3f2, 0xd4f0e6, 0xb3d6f0, 0xe3f4f7] },
    dark: { accent: 0x53b4e8, bubbles: [0x184c71, 0x125157], ground: [0x0e2536, 0x123038, 0x102a44, 0x0c1d2b] },
  },
  {
    emoji: '🌿', title: 'Leaves',
    light: { accent: 0x3a8f45, bubbles: [0xdcf6d3, 0xeff8cf], ground: [0xcfe8c6, 0xe7f2c4, 0xb9dcc0, 0xf1f4d8] },
    dark: { accent: 0x74c67d, bubbles: [0x20512a, 0x36501e], ground: [0x142b1a, 0x1f2e14, 0x10261f, 0x1a2a16] },
  },
  {
    emoji: '🌅', title: 'Dawn',
    light: { accent: 0xc8602a, bubbles: [0xffe6d1, 0xffdde0], ground: [0xf9d9bd, 0xf6c9c4, 0xfbe7c8, 0xe9cfe3] },
    dark: { accent: 0xf0955f, bubbles: [0x6d3a1f, 0x753240], ground: [0x33201a, 0x361d28, 0x2b2117, 0x2a1c33] },
  },
  {
    emoji: '🍇', title: 'Grapes',
    light: { accent: 0x7b4fc0, bubbles: [0xe9dfff, 0xf6dcf7], ground: [0xd9cdf3, 0xeacdeb, 0xc9cff4, 0xf1e1f3] },
    dark: { accent: 0xb18cf0, bubbles: [0x523695, 0x673273], ground: [0x211a3b, 0x2d1936, 0x1a1f3f, 0x271a2f] },
  },
  {
    emoji: '🌸', title: 'Blossom',
    light: { accent: 0xc2447f, bubbles: [0xffdfec, 0xffeaf2], ground: [0xf7cfde, 0xfbe3ea, 0xf1c6e0, 0xfdeee8] },
    dark: { accent: 0xef82b4, bubbles: [0x792c4f, 0x673664], ground: [0x331a28, 0x2b1c33, 0x381d29, 0x251a2a] },
  },
  {
    emoji: '🍊', title: 'Orange',
    light: { accent: 0xb96a00, bubbles: [0xffecc4, 0xfff3d6], ground: [0xfbe0aa, 0xfdefc7, 0xf6d3a0, 0xfff4dc] },
    dark: { accent: 0xf0ad4a, bubbles: [0x65400f, 0x6e3c1a], ground: [0x2f2412, 0x332011, 0x2a2a14, 0x2c1f16] },
  },
  {
    emoji: '⛄', title: 'Snow',
    light: { accent: 0x4a7696, bubbles: [0xe3edf6, 0xf0f4f9], ground: [0xd8e3ec, 0xe9eff5, 0xcbd9e6, 0xf4f7fa] },
    dark: { accent: 0x8fb6d4, bubbles: [0x334a5e, 0x384861], ground: [0x1a232c, 0x1f2a36, 0x17202b, 0x222b34] },
  },
  {
    emoji: '☕', title: 'Coffee',
    light: { accent: 0x8a5a35, bubbles: [0xf3e4d4, 0xfaefe2], ground: [0xe8d5c0, 0xf2e5d5, 0xdcc6b0, 0xf7efe4] },
    dark: { accent: 0xc99a6f, bubbles: [0x5e412b, 0x5a4238], ground: [0x2a2019, 0x2f241d, 0x241c18, 0x2c2521] },
  },
  {
    emoji: '🌙', title: 'Night',
    light: { accent: 0x4759c4, bubbles: [0xdfe4ff, 0xe9e4ff], ground: [0xcdd4f4, 0xdcd6f5, 0xbfcdf0, 0xe8ebfa] },
    dark: { accent: 0x8d9cf5, bubbles: [0x324092, 0x473d8e], ground: [0x131833, 0x1b1737, 0x101d38, 0x171628] },
  },
  {
    emoji: '🍒', title: 'Cherry',
    light: { accent: 0xb8333d, bubbles: [0xffdcdc, 0xffe7df], ground: [0xf4c9c6, 0xfadcd2, 0xefbcc3, 0xfce9e2] },
    dark: { accent: 0xee7b81, bubbles: [0x7e2c36, 0x723628], ground: [0x341a1d, 0x321f19, 0x3a1a24, 0x291a1b] },
  },
];

/** The number before that of the first theme, and of the first of their backgrounds. TDLib takes those below 2^31 for numbers that it has given itself. */
const IDS_AFTER = 2n ** 33n;
/** Clients hand it back; nothing is hidden behind it. */
const ACCESS_HASH = 1n;

function settingsOf({ accent, bubbles, ground }: Look, isDark: boolean, id: bigint): tl.themeSettings {
  const [background_color, second_background_color, third_background_color, fourth_background_color] = ground;
  return {
    _: 'themeSettings',
    base_theme: { _: isDark ? 'baseThemeTinted' : 'baseThemeClassic' },
    accent_color: accent,
    outbox_accent_color: accent,
    message_colors: [...bubbles],
    wallpaper: {
      _: 'wallPaperNoFile', id, dark: isDark || undefined,
      settings: { _: 'wallPaperSettings', background_color, second_background_color, third_background_color, fourth_background_color },
    },
  };
}

/** The themes that people give their private chats, as clients list them. Each has a light and a dark look. */
export const CHAT_THEMES: readonly tl.theme[] = THEMES.map(({ emoji, title, light, dark }, at): tl.theme => {
  const id = IDS_AFTER + BigInt(at + 1);
  const ground = IDS_AFTER + 1000n + BigInt(2 * at);
  return {
    _: 'theme', for_chat: true, id, access_hash: ACCESS_HASH, slug: `aerogram-${title.toLowerCase()}`, title, emoticon: emoji,
    settings: [settingsOf(light, false, ground), settingsOf(dark, true, ground + 1n)],
  };
});

const NAMES = new Set(THEMES.map(({ emoji }) => emoji));
/** No emoji of a theme is longer, in UTF-16 units. */
const NAME_MAX = 8;

/** The theme of an emoji, with or without a selector U+FE0F, as clients name it; undefined if there is none. Pure. */
export function findChatTheme(emoji: string): string | undefined {
  const plain = emoji.length > NAME_MAX ? '' : emoji.replaceAll('\uFE0F', '');
  return NAMES.has(plain) ? plain : undefined;
}
