import type { FileParam } from '../params/params.ts';

/** How a sticker is drawn: a picture, a vector animation, a video. */
export type StickerFormat = 'static' | 'animated' | 'video';

/** Types of the files by format. */
export const FORMAT_TYPES: Readonly<Record<StickerFormat, string>> = { static: 'image/png', animated: 'application/x-tgsticker', video: 'video/webm' };

/** Whether a text is a format as the API writes it. With `auto`, and without one, the name of the file decides. Pure. */
export function isFormat(text: string): boolean {
  return ['', 'auto', 'static', 'animated', 'video'].includes(text);
}

/** The format of a file. Pure. @param said as {@link isFormat} */
export function formatOf(said: string, file: FileParam): StickerFormat {
  if (said === 'static' || said === 'animated' || said === 'video') return said;
  const [name, type] = file.kind === 'upload' ? [file.upload.name.toLowerCase(), file.upload.mimeType] : ['', ''];
  if (name.endsWith('.tgs') || type === FORMAT_TYPES.animated) return 'animated';
  return name.endsWith('.webm') || type === FORMAT_TYPES.video ? 'video' : 'static';
}
