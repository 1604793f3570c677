import sharp from 'sharp';
import { type ComparedSize, isGood } from './compare-sizes.ts';
import type { ComparedWaveform } from './media-samples.ts';

/** One row of the page: a picture, and what was made of it. */
export interface PageRow {
  name: string;
  sizes: ComparedSize[];
}

const WIDTH = 240;
const BAR = 6;

const figures = ({ difference, most }: ComparedSize): string => `mean ${difference.mean.toFixed(2)} of ${most.mean}, square ${difference.square.toFixed(2)} of ${most.square}`;
const embed = (bytes: Buffer, type: string): string => `data:image/${type};base64,${bytes.toString('base64')}`;

function cellOf(size: ComparedSize): string {
  const bad = isGood(size) ? '' : ' class="bad"';
  const left = size.leftMetadata.length > 0 ? `, has ${size.leftMetadata.join(', ')}` : '';
  return `<td${bad}><img src="${embed(size.jpeg, 'jpeg')}"><img src="${embed(size.reference, 'png')}"><br>${size.type} ${size.width}×${size.height}<br>${figures(size)}${left}</td>`;
}

function drawWaveform({ values, reference }: ComparedWaveform): string {
  const bars = (all: readonly number[], top: number): string => all.map((value, at) => `<rect x="${at * BAR}" y="${top + 60 * (1 - value)}" width="${BAR - 1}" height="${1 + 60 * value}"/>`).join('');
  return `<svg width="${values.length * BAR}" height="140"><g fill="#36c">${bars(values, 0)}</g><g fill="#999">${bars(reference, 75)}</g></svg>`;
}

/** The page: each generated size beside its reference, with the difference in figures; what differs too much is red. Pure. */
export function renderPage(rows: readonly PageRow[], waveforms: readonly { name: string; waveform: ComparedWaveform }[]): string {
  const table = rows.map(({ name, sizes }) => `<tr><th>${name}</th>${sizes.map(cellOf).join('')}</tr>`).join('\n');
  const sounds = waveforms.map(({ name, waveform }) => `<h2>${name}: waveform (blue), loudness of the sound (gray)</h2>${drawWaveform(waveform)}`).join('\n');
  const style = `body { font: 13px sans-serif } img { max-width: ${WIDTH}px; max-height: ${WIDTH}px; margin: 2px } td { vertical-align: top; white-space: nowrap } .bad { background: #fbb }`;
  return `<!doctype html><meta charset="utf-8"><title>Generated pictures</title><style>${style}</style>
<h1>Generated pictures, each beside its reference</h1><p>Differences are in steps of 255: on average, and in the square of 1/8 of the sides that differs most.</p>
<table>${table}</table>${sounds}`;
}

/** One row as a single picture: above what was generated, below the references. */
export async function renderSheet({ sizes }: PageRow): Promise<Buffer> {
  const side = WIDTH;
  const fitted = (bytes: Buffer): Promise<Buffer> => sharp(bytes).resize(side, side, { fit: 'contain', background: '#808080' }).png().toBuffer();
  const layers = await Promise.all(sizes.flatMap(({ jpeg, reference }, at) => [jpeg, reference].map(async (bytes, row) => ({ input: await fitted(bytes), left: at * (side + 4), top: row * (side + 4) }))));
  return sharp({ create: { width: sizes.length * (side + 4), height: 2 * (side + 4), channels: 3, background: '#ffffff' } }).composite(layers).png().toBuffer();
}
