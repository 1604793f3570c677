/** Side of a profile picture, in pixels. */
const SIDE = 640;

/**
 * Cuts the middle square out of a picture and makes it a JPEG.
 * @returns undefined if the browser cannot read the picture
 */
export async function preparePicture(file: Blob): Promise<Blob | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  const from = Math.min(bitmap.width, bitmap.height);
  const side = Math.min(SIDE, from);
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, side, side);
  context.drawImage(bitmap, (bitmap.width - from) / 2, (bitmap.height - from) / 2, from, from, 0, 0, side, side);
  bitmap.close();
  return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', 0.9));
}
