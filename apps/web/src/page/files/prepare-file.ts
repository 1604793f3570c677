import type { LocalFile } from '../../protocol/index.ts';
import { readPlayerFacts } from './read-player-facts.ts';
import { HEAD_BYTES, readSides, type Sides } from './read-sides.ts';

/** Longest side of a photo that is sent as a photo, in pixels: the server keeps no more. */
const PHOTO_SIDE = 2560;

const QUALITY = 0.87;
/** Pictures that may go as photos. Others are sent as files. */
const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** A picture with more pixels is not decoded here, and is sent as a file. */
const PIXELS_MAX = 100_000_000;
/** The server takes no photos with one side so many times as long as the other. */
const STRETCH_MAX = 20;

/** Finds out what a chosen file is, and how it is sent unless the person wants it sent as a file. Photos are not changed yet. */
export async function readFacts(file: File): Promise<LocalFile> {
  const plain: LocalFile = { file, name: file.name, as: 'file' };
  const [kind] = file.type.split('/');
  if (kind === 'image') {
    const sides = readSides(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
    if (!sides || !isPhoto(sides)) return plain;
    if (file.type === 'image/gif') return { ...plain, ...sides, as: 'gif' };
    return PHOTO_TYPES.has(file.type) ? { ...plain, ...sides, as: 'photo' } : plain;
  }
  if (kind === 'video') {
    const facts = await readPlayerFacts(file, 'video');
    return facts ? { ...plain, ...facts, as: 'video' } : plain;
  }
  if (kind === 'audio') {
    const facts = await readPlayerFacts(file, 'audio');
    return { ...plain, as: 'audio', duration: facts?.duration };
  }
  return plain;
}

function isPhoto({ width, height }: Sides): boolean {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return short > 0 && width * height <= PIXELS_MAX && long <= short * STRETCH_MAX;
}

/** Makes what is sent of a chosen file: photos become JPEG files, and no larger than the server keeps them. */
export async function prepareFile(facts: LocalFile): Promise<LocalFile> {
  if (facts.as !== 'photo') return facts;
  try {
    const bitmap = await createImageBitmap(facts.file);
    const scale = Math.min(1, PHOTO_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    return { ...facts, file: await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }), width, height };
  } catch {
    // Damaged, or of a kind that this browser does not read.
    return { file: facts.file, name: facts.name, as: 'file' };
  }
}

/** Files in one album. */
const ALBUM_MAX = 10;

/** What can stand in one album: photos with videos; music; other files. GIFs stand alone. */
const albumOf = ({ as }: LocalFile): string | undefined => (as === 'photo' || as === 'video' ? 'pictures' : as === 'gif' || as === 'voice' ? undefined : as);

/** Divides files into messages and albums, without changing the order of those that belong together. Pure. */
export function groupFiles(files: readonly LocalFile[]): LocalFile[][] {
  const groups: { kind: string | undefined; files: LocalFile[] }[] = [];
  for (const file of files) {
    const kind = albumOf(file);
    const open = kind === undefined ? undefined : groups.find((group) => group.kind === kind && group.files.length < ALBUM_MAX);
    if (open) open.files.push(file);
    else groups.push({ kind, files: [file] });
  }
  return groups.map((group) => group.files);
}
