import { type ColorColumns, given } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Colours of the gradient or stripes next to a name, for the light theme and the dark theme. The first seven are built into clients. */
const STRIPES: readonly (readonly [light: readonly number[], dark: readonly number[]])[] = [
  [[0xe15052, 0xf9ae63], [0xff9380, 0x992f37]],
  [[0xe0802b, 0xfac534], [0xecb04e, 0xc35714]],
  [[0xa05ff3, 0xf48fff], [0xc697ff, 0x5e31c8]],
  [[0x27a910, 0xa7dc57], [0xa7eb6e, 0x167e2d]],
  [[0x27acce, 0x82e8d6], [0x40d8d0, 0x045c7f]],
  [[0x3391d4, 0x7dd3f0], [0x52bfff, 0x0b5494]],
  [[0xdd4371, 0xffbe9f], [0xff86a6, 0x8e366e]],
  [[0x247bed, 0xf04856, 0xffffff], [0x3fa2fe, 0xe5424f, 0xffffff]],
  [[0xd67722, 0x1ea011, 0xffffff], [0xff905e, 0x32a527, 0xffffff]],
  [[0x179e42, 0xe84a3f, 0xffffff], [0x66d364, 0xd5444f, 0xffffff]],
  [[0x2894af, 0x6fc456, 0xffffff], [0x22bce2, 0x3da240, 0xffffff]],
  [[0x0c9ab3, 0xffad95, 0xffe6b5], [0x22bce2, 0xff9778, 0xffda6b]],
  [[0x7757d6, 0xf79610, 0xffde8e], [0x9791ff, 0xf2731d, 0xffdb59]],
  [[0x1585cf, 0xf2ab1d, 0xffffff], [0x3da6eb, 0xeea51d, 0xffffff]],
];

/** Colours 0–6 are built into every client. Channels and groups have no boost levels here. */
const BUILT_IN = 7;

/** Colours for names. */
export const NAME_PALETTE: readonly tl.help.peerColorOption[] = [
  ...Array.from({ length: BUILT_IN }, (_, color_id): tl.help.peerColorOption => ({ _: 'help.peerColorOption', color_id })),
  ...STRIPES.map(([colors, dark], at): tl.help.peerColorOption => ({
    _: 'help.peerColorOption',
    color_id: BUILT_IN + at,
    colors: { _: 'help.peerColorSet', colors: [...colors] },
    dark_colors: { _: 'help.peerColorSet', colors: [...dark] },
  })),
];

/** For each profile colour: the palette entry, the background from top to bottom, the ring around stories. */
const PROFILES: readonly (readonly [palette: number, top: number, bottom: number])[] = [
  [0xba5650, 0xa65454, 0xc56b54],
  [0xc27c3e, 0xb0713c, 0xcf9046],
  [0x956ac8, 0x8060b4, 0xa878cc],
  [0x49a355, 0x3f9250, 0x66ae58],
  [0x3e97ad, 0x35889e, 0x4cacb6],
  [0x5a8fbb, 0x4a7fae, 0x6aa4c8],
  [0xb85378, 0xa64a70, 0xc76a84],
  [0x7b8799, 0x6b788c, 0x8c98a8],
];

function profileSet([palette, top, bottom]: (typeof PROFILES)[number], darken: number): tl.help.peerColorProfileSet {
  const shade = (color: number): number => {
    const part = (shift: number): number => Math.round(((color >> shift) & 0xff) * darken) << shift;
    return part(16) | part(8) | part(0);
  };
  return {
    _: 'help.peerColorProfileSet',
    palette_colors: [shade(palette)],
    bg_colors: [shade(top), shade(bottom)],
    story_colors: [top, bottom],
  };
}

/** Colours for profile pages. */
export const PROFILE_PALETTE: readonly tl.help.peerColorOption[] = PROFILES.map((profile, color_id) => ({
  _: 'help.peerColorOption',
  color_id,
  colors: profileSet(profile, 1),
  dark_colors: profileSet(profile, 0.75),
}));

/** Must be changed with the palettes: clients that send this hash keep their copy. */
const PALETTE_HASH = 1;

/**
 * Checks a colour that a client chooses, and the custom emoji behind it; undefined takes them away.
 * @returns what is stored of it
 * @throws RpcError 400 COLOR_INVALID, DOCUMENT_INVALID (there is no such custom emoji)
 */
export async function checkColor(ctx: RpcContext, { isForProfile, color, emojiId }: { isForProfile: boolean; color: number | undefined; emojiId: bigint | undefined }): Promise<Partial<ColorColumns>> {
  const emoji = given(emojiId) ?? null;
  if (emoji !== null && !(await ctx.domain.stickerSets.isCustomEmoji(emoji))) throw rpcError('DOCUMENT_INVALID');
  const palette = isForProfile ? PROFILE_PALETTE : NAME_PALETTE;
  if (color !== undefined && !palette.some((option) => option.color_id === color)) throw rpcError('COLOR_INVALID');
  return isForProfile ? { profile_color: color ?? null, profile_color_emoji_id: emoji } : { color: color ?? null, color_emoji_id: emoji };
}

/** Answers with a palette, unless the client has it already. @param hash that of the palettes which the client keeps */
export function answerPalette(colors: readonly tl.help.peerColorOption[], hash: number): tl.help.PeerColors {
  return hash === PALETTE_HASH ? { _: 'help.peerColorsNotModified' } : { _: 'help.peerColors', hash: PALETTE_HASH, colors: [...colors] };
}
