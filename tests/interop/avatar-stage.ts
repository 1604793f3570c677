import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { DriverClient } from './driver-client.ts';
import type { Disk } from './files-on-disk.ts';

/** Each size may differ from the picture by this much on average, of 255: it was compressed once more. */
const DIFFERENCE_MAX = 4;

/** Writes a square picture in which a name stands. */
export async function makePicture(disk: Disk, name: string, colour: string): Promise<string> {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640"><rect width="640" height="640" fill="${colour}"/><circle cx="200" cy="300" r="150" fill="#d33"/><text x="100" y="560" font-size="90">${name}</text></svg>`;
  const path = disk.pathOf(`${name}.jpg`);
  await writeFile(path, await sharp(Buffer.from(text)).jpeg({ quality: 90 }).toBuffer());
  return path;
}

/** Downloads what stands beside a name, and compares it with a picture. */
async function showsPicture(disk: Disk, client: DriverClient, peer: number, picture: string): Promise<void> {
  for (const [big, side] of [[false, 160], [true, 640]] as const) {
    const path = disk.pathOf(`${client.name}-${side}.jpg`);
    expect(await client.saveAvatar({ peer, big, path })).toBe(true);
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: side, height: side, channels: 3 });
    const reference = await sharp(picture).resize(side, side).raw().toBuffer();
    let sum = 0;
    for (let at = 0; at < data.length; at++) sum += Math.abs(data[at]! - reference[at]!);
    expect(sum / data.length).toBeLessThan(DIFFERENCE_MAX);
  }
}

/** Waits until a client shows a picture beside a name. */
export async function seesPicture(disk: Disk, client: DriverClient, peer: number, picture: string): Promise<void> {
  await expect.poll(() => showsPicture(disk, client, peer, picture).then(() => true, () => false), { timeout: 15_000, interval: 300 }).toBe(true).catch(() => showsPicture(disk, client, peer, picture));
}

/** Waits until a client shows no picture beside a name. */
export async function seesNoPicture(disk: Disk, client: DriverClient, peer: number): Promise<void> {
  await expect.poll(() => client.saveAvatar({ peer, big: false, path: disk.pathOf('none.jpg') }), { timeout: 15_000 }).toBe(false);
}

/** Expects that TDLib has logged no errors. */
export async function expectNoComplaints(...people: { client: DriverClient }[]): Promise<void> {
  for (const { client } of people) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
}
