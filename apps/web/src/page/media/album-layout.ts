/** Where a picture of an album stands, in parts of the width and height of the whole. */
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface AlbumLayout {
  tiles: Tile[];
  /** Width of the whole, divided by its height. */
  ratio: number;
}

/** Pictures that are wider or higher than this are cut. */
const RATIO = { min: 0.55, max: 2.2 };
/** A single picture is cut less. */
const SINGLE = { min: 0.4, max: 3 };

const ROW_MAX = 4;
/** Height of the whole that is aimed at, and the shortest side of a picture, in parts of the width. */
const AIM = 1.05;

const SIDE_MIN = 0.24;

const clamp = (value: number, { min, max }: { min: number; max: number }): number => Math.min(max, Math.max(min, value));

/**
 * Arranges pictures in an album, in their order, so that little is cut and none is tiny: in rows, or with the first one beside the others. Pure.
 * @param sides of the pictures; those that are not known count as square
 */
export function layoutAlbum(sides: readonly { width?: number; height?: number }[]): AlbumLayout {
  const ratios = sides.map(({ width, height }) => clamp(width && height ? width / height : 1, sides.length === 1 ? SINGLE : RATIO));
  if (ratios.length === 1) return { tiles: [{ x: 0, y: 0, width: 1, height: 1 }], ratio: ratios[0]! };
  const candidates = [...rowsOf(ratios.length).map((rows) => inRows(ratios, rows)), ...(ratios.length <= 5 ? [besideFirst(ratios)] : [])];
  return candidates.reduce((best, next) => (costOf(next) < costOf(best) ? next : best));
}

/** All ways to divide so many pictures into rows. Pure. */
function rowsOf(count: number): number[][] {
  if (count === 0) return [[]];
  return Array.from({ length: Math.min(ROW_MAX, count) }, (_, index) => index + 1).flatMap((first) => rowsOf(count - first).map((rest) => [first, ...rest]));
}

/** Each row has the full width. Pure. */
function inRows(ratios: readonly number[], rows: readonly number[]): AlbumLayout {
  let at = 0;
  const lines = rows.map((length) => ratios.slice(at, (at += length)));
  const heights = lines.map((line) => 1 / line.reduce((sum, ratio) => sum + ratio, 0));
  const whole = heights.reduce((sum, height) => sum + height, 0);
  let y = 0;
  const tiles = lines.flatMap((line, index) => {
    const height = heights[index]!;
    let x = 0;
    const row = line.map((ratio) => {
      const tile = { x, y: y / whole, width: ratio * height, height: height / whole };
      x += tile.width;
      return tile;
    });
    y += height;
    return row;
  });
  return { tiles, ratio: 1 / whole };
}

/** The first picture has the full height, and the others stand below each other beside it. Pure. */
function besideFirst([first = 1, ...others]: readonly number[]): AlbumLayout {
  const inverse = others.reduce((sum, ratio) => sum + 1 / ratio, 0);
  const height = inverse / (1 + first * inverse);
  const width = first * height;
  let y = 0;
  const column = others.map((ratio) => {
    const tile = { x: width, y: y / height, width: 1 - width, height: (1 - width) / ratio / height };
    y += (1 - width) / ratio;
    return tile;
  });
  return { tiles: [{ x: 0, y: 0, width, height: 1 }, ...column], ratio: 1 / height };
}

/** How far an arrangement is from a good one: about as high as wide, with pictures of like size, none of them tiny. Pure. */
function costOf({ tiles, ratio }: AlbumLayout): number {
  const height = 1 / ratio;
  const areas = tiles.map((tile) => tile.width * tile.height * height);
  const shortest = Math.min(...tiles.map((tile) => Math.min(tile.width, tile.height * height)));
  const unlike = Math.log(Math.max(...areas) / Math.min(...areas));
  return Math.abs(Math.log(height / AIM)) + Math.max(0, SIDE_MIN - shortest) * 12 + unlike * 0.25 + Math.max(0, height - 1.35) * 4;
}
