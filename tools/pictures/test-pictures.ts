import sharp, { type Sharp } from 'sharp';

/** A picture to upload, and what a person should see of it. */
export interface TestPicture {
  name: string;
  bytes: Buffer;
  /** The picture as it should look: upright, in sRGB, and on white where it is transparent. A PNG without metadata. */
  upright: Buffer;
  /** How much more a size may differ than usual: some ways to store a picture lose more of it. */
  tolerance: number;
}

/** Draws a scene in which every mistake shows: no two corners are alike, and it has soft and hard edges, fine lines, and strong and weak colours. */
export function drawScene(width: number, height: number): Promise<Buffer> {
  const [w, h, unit] = [width, height, Math.min(width, height) / 12];
  const lines = Array.from({ length: 12 }, (_, n) => `<line x1="${w * 0.55 + n * unit * 0.3}" y1="${h * 0.1}" x2="${w * 0.55 + n * unit * 0.3}" y2="${h * 0.4}" stroke="#123" stroke-width="${unit * 0.08}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#3a7bd5"/><stop offset="1" stop-color="#f3d9b1"/></linearGradient></defs>
    <rect width="${w}" height="${h}" fill="url(#sky)"/>
    <circle cx="${w * 0.2}" cy="${h * 0.25}" r="${unit * 2}" fill="#ffcc00"/>
    <rect x="0" y="${h * 0.7}" width="${w * 0.5}" height="${h * 0.3}" fill="#2e7d32"/>
    <rect x="${w * 0.5}" y="${h * 0.7}" width="${w * 0.5}" height="${h * 0.3}" fill="#b23a48"/>
    <rect x="${w - unit}" y="0" width="${unit}" height="${unit}" fill="#000"/>
    <rect x="0" y="${h - unit}" width="${unit}" height="${unit}" fill="#fff"/>
    <text x="${w * 0.3}" y="${h * 0.9}" font-size="${unit * 2}" font-family="sans-serif" fill="#fff">Rg</text>
    ${lines.join('')}
  </svg>`;
  return sharp(Buffer.from(svg)).flatten().removeAlpha().png().toBuffer();
}

const jpegOf = (picture: Sharp): Promise<Buffer> => picture.jpeg({ quality: 95 }).toBuffer();
const quarterTurn = (png: Buffer): Promise<Buffer> => sharp(png).rotate(90).png().toBuffer();

/** Stores pixels so that a viewer that applies this EXIF orientation shows the scene upright. */
async function storeTurned(upright: Buffer, orientation: number): Promise<Buffer> {
  const stored: Record<number, () => Promise<Buffer> | Buffer> = {
    1: () => upright,
    2: () => sharp(upright).flop().png().toBuffer(),
    3: () => sharp(upright).rotate(180).png().toBuffer(),
    4: () => sharp(upright).flip().png().toBuffer(),
    5: async () => sharp(await quarterTurn(upright)).flop().png().toBuffer(),
    6: () => sharp(upright).rotate(270).png().toBuffer(),
    7: async () => sharp(await quarterTurn(upright)).flip().png().toBuffer(),
    8: () => quarterTurn(upright),
  };
  return jpegOf(sharp(await stored[orientation]!()).withExif({ IFD0: { Copyright: 'SECRET PLACE' }, IFD3: { GPSLatitudeRef: 'N' } }).withMetadata({ orientation }));
}

/** The scene in a circle with a soft edge, and what is seen of it on white. */
async function drawOval(width: number, height: number): Promise<{ oval: Buffer; onWhite: Buffer }> {
  const mask = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="m"><stop offset="0.7" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2}" ry="${height / 2}" fill="url(#m)"/></svg>`;
  const oval = await sharp(await drawScene(width, height)).ensureAlpha().composite([{ input: Buffer.from(mask), blend: 'dest-in' }]).png().toBuffer();
  const onWhite = await sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite([{ input: oval }]).removeAlpha().png().toBuffer();
  return { oval, onWhite };
}

/** All pictures of the page. */
export async function makeTestPictures(): Promise<TestPicture[]> {
  const scene = await drawScene(900, 600);
  const gray = await sharp(scene).grayscale().toColourspace('b-w').png().toBuffer();
  const grayUpright = await sharp(gray).toColourspace('srgb').png().toBuffer();
  const { oval, onWhite } = await drawOval(900, 600);
  const named = (name: string, bytes: Buffer, upright: Buffer, tolerance = 1): TestPicture => ({ name, bytes, upright, tolerance });
  // A small or narrow picture has lines that are thinner than a pixel of its sizes.
  const shapes: [string, number, number, number][] = [['huge (6000 × 4000)', 6000, 4000, 1], ['tiny (24 × 16)', 24, 16, 3], ['panorama (4000 × 220)', 4000, 220, 2], ['tower (300 × 2400)', 300, 2400, 1]];
  const shaped = await Promise.all(shapes.map(async ([name, width, height, tolerance]) => {
    const upright = await drawScene(width, height);
    return named(name, await jpegOf(sharp(upright)), upright, tolerance);
  }));
  const cmyk = await jpegOf(sharp(scene).toColourspace('cmyk').withIccProfile('cmyk'));
  const turned = await Promise.all(Array.from({ length: 8 }, async (_, n) => named(`orientation ${n + 1}`, await storeTurned(scene, n + 1), scene)));
  return [
    ...turned,
    named('PNG with alpha', oval, onWhite),
    named('WebP with alpha', await sharp(oval).webp({ quality: 95 }).toBuffer(), onWhite),
    named('PNG with a palette', await sharp(scene).png({ palette: true }).toBuffer(), scene, 2),
    named('PNG of 16 bits', await sharp(scene).toColourspace('rgb16').png().toBuffer(), scene),
    named('gray JPEG', await jpegOf(sharp(gray)), grayUpright),
    named('gray PNG with alpha', await sharp(oval).grayscale().toColourspace('b-w').png().toBuffer(), await sharp(onWhite).grayscale().toColourspace('srgb').png().toBuffer(), 2),
    named('JPEG in Display P3', await jpegOf(sharp(scene).withIccProfile('p3')), scene, 2),
    // Colours for printing are paler than those of the scene before the server sees them.
    named('CMYK JPEG', cmyk, await sharp(cmyk).toColourspace('srgb').png().toBuffer()),
    ...shaped,
  ];
}
