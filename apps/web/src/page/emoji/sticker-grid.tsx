import type { FunctionComponent } from 'preact';
import type { FileRef, Sticker as StickerFacts } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { Sticker } from '../motion/sticker.tsx';

/** Stickers in one line. */
export const STICKER_COLUMNS = 5;
/** Longer side of a sticker in the panel, in pixels. */
const SIDE = 58;

/** A sticker that can be chosen, and where its file is. */
export interface OfferedSticker extends StickerFacts {
  file: FileRef;
}

/** Stickers in lines. */
export const StickerGrid: FunctionComponent<{ stickers: readonly OfferedSticker[]; choose(sticker: OfferedSticker): void }> = ({ stickers, choose }) => {
  const lines = Array.from({ length: Math.ceil(stickers.length / STICKER_COLUMNS) }, (_, index) => stickers.slice(index * STICKER_COLUMNS, (index + 1) * STICKER_COLUMNS));
  return (
    <>
      {lines.map((line, index) => (
        <div key={index} class="sticker-line" role="row">
          {line.map((sticker) => (
            <span key={sticker.document.id} role="gridcell">
              <button type="button" tabIndex={-1} aria-label={t('stickerNamed', { emoji: sticker.emoji }).trim()} title={sticker.emoji} data-file={JSON.stringify(sticker.file)} onClick={() => choose(sticker)}>
                <Sticker file={sticker.file} mime={sticker.document.mime} preview={sticker.document.preview} side={SIDE} width={sticker.document.width} height={sticker.document.height} isLazy />
              </button>
            </span>
          ))}
        </div>
      ))}
    </>
  );
};
