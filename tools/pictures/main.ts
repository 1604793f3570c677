import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { comparePicture, isGood } from './compare-sizes.ts';
import { openLanes } from './lanes.ts';
import { compareFrame, compareWaveform } from './media-samples.ts';
import { type PageRow, renderPage, renderSheet } from './pages.ts';
import { makeTestPictures } from './test-pictures.ts';

// npm run pictures [-- <directory>], from the root of the repository: writes a page that shows what the server makes of test pictures, and the rows of it as pictures.
const directory = resolve(process.argv[2] ?? 'dist/pictures');
mkdirSync(directory, { recursive: true });
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

await using lanes = openLanes(pathToFileURL(`${resolve('dist')}/`));
const rows: PageRow[] = [];
for (const picture of await makeTestPictures()) rows.push({ name: picture.name, sizes: await comparePicture(lanes.photos, picture) });
if (hasFfmpeg) for (const name of ['film.mp4', 'film.webm', 'round.mp4', 'covered.mp3']) rows.push({ name, sizes: await compareFrame(lanes.media, name) });
else process.stdout.write('ffmpeg is not installed: no frames, covers and waveforms\n');
const waveforms = hasFfmpeg ? [{ name: 'voice.ogg', waveform: await compareWaveform(lanes.media, 'voice.ogg') }] : [];

writeFileSync(join(directory, 'index.html'), renderPage(rows, waveforms));
for (const [at, row] of rows.entries()) writeFileSync(join(directory, `row-${String(at).padStart(2, '0')}.png`), await renderSheet(row));
for (const { name, sizes } of rows) {
  for (const size of sizes) process.stdout.write(`${isGood(size) ? 'ok ' : 'BAD'} ${name}, ${size.type} ${size.width}×${size.height}: mean ${size.difference.mean.toFixed(2)}, square ${size.difference.square.toFixed(2)} ${size.leftMetadata.join(' ')}\n`);
}
process.stdout.write(`${join(directory, 'index.html')} shows them\n`);
if (rows.some(({ sizes }) => !sizes.every(isGood))) process.exitCode = 1;
