import { t } from '../ground/text.ts';
import { notify, tell } from '../parts/notice.tsx';

/** Whether this browser can copy pictures. Pages over plain HTTP have no clipboard. */
export const canCopyPictures = (): boolean => 'ClipboardItem' in globalThis && 'clipboard' in navigator;

/** Draws a picture as PNG, the only format that all clipboards take. */
async function drawAsPng(image: HTMLImageElement): Promise<Blob> {
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext('2d')!.drawImage(image, 0, 0);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for a canvas'))), 'image/png');
  });
}

/** Copies a picture that is shown. */
export async function copyPicture(image: HTMLImageElement): Promise<void> {
  try {
    // Safari asks for the promise itself, within the click.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': drawAsPng(image) })]);
    tell(t('copied'));
  } catch {
    notify(t('pictureNotCopied'));
  }
}
