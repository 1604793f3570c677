import type { LocalFile } from '../../protocol/index.ts';

/** Longest side of a photo that is sent as a photo, in pixels: the server keeps no more. */
const PHOTO_SIDE = 2560;

const QUALITY = 0.87;
/** Pictures that may go as photos. Others are sent as files. */
const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** Makes of a chosen file what is sent. @param asFile sends the bytes as they are */
export async function prepareFile(file: File, asFile: boolean): Promise<LocalFile> {
  const plain: LocalFile = { file, name: file.name, as: 'file' };
  if (asFile) return plain;
  if (PHOTO_TYPES.has(file.type)) return (await preparePhoto(file)) ?? plain;
  if (file.type === 'image/gif') return { ...plain, as: 'gif' };
  if (file.type.startsWith('audio/')) return { ...plain, as: 'audio' };
  return plain;
}

/** Scales a picture down where it is larger than what the server keeps. @returns undefined if it cannot be read */
async function preparePhoto(file: File): Promise<LocalFile | undefined> {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const smaller = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
    return { file: smaller, name: file.name, as: 'photo', width, height };
  } catch {
    return undefined;
  }
}
