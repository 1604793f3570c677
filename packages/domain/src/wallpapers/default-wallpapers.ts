import type { tl } from '@aerogram/tl';

/** One fill: one to four colours, and the angle of two. */
type Fill = Pick<tl.wallPaperSettings, 'background_color' | 'second_background_color' | 'third_background_color' | 'fourth_background_color' | 'rotation'>;

// Colours as 0xRRGGBB. A fill with three or four colours is drawn by clients as a gradient that flows between four points.
const LIGHT: readonly Fill[] = [
  { background_color: 0xdfe9f3 },
  { background_color: 0xcfe8d5, second_background_color: 0xa8cfc0, rotation: 45 },
  { background_color: 0xf6e3c5, second_background_color: 0xe9b08c, rotation: 135 },
  { background_color: 0xc9d8f0, second_background_color: 0xe4d3ee, third_background_color: 0xf7e2d6 },
  { background_color: 0xbfe3dd, second_background_color: 0xd9efc9, third_background_color: 0xf5eec2, fourth_background_color: 0xcfdcf5 },
];
const DARK: readonly Fill[] = [
  { background_color: 0x17212b },
  { background_color: 0x1f2b3a, second_background_color: 0x3a2f52, rotation: 45 },
  { background_color: 0x14302e, second_background_color: 0x1c2440, third_background_color: 0x35203f, fourth_background_color: 0x102a43 },
];

/** The number before that of the first one. TDLib takes those below 2^31 for numbers that it has given itself, and leaves such wallpapers out of the list. */
const IDS_AFTER = 2n ** 32n;

const fillOf = (fill: Fill, index: number, dark: boolean): tl.wallPaperNoFile => ({
  _: 'wallPaperNoFile',
  id: IDS_AFTER + BigInt(index),
  default: true,
  dark: dark || undefined,
  settings: { _: 'wallPaperSettings', rotation: fill.second_background_color === undefined ? undefined : 0, ...fill },
});

/** The wallpapers that everybody has until they remove them. Their ids must not change. */
export const DEFAULT_WALLPAPERS: ReadonlyMap<bigint, tl.wallPaperNoFile> = new Map(
  [...LIGHT.map((fill, index) => fillOf(fill, index + 1, false)), ...DARK.map((fill, index) => fillOf(fill, LIGHT.length + index + 1, true))].map((wallpaper) => [wallpaper.id, wallpaper]),
);
