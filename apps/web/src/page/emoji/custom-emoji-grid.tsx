import type { FunctionComponent } from 'preact';
import type { Sticker, StickerSet } from '../../protocol/index.ts';
import { LiveEmoji } from '../motion/live-emoji.tsx';
import { COLUMNS } from './emoji-grid.tsx';
import { useSet } from './set-cover.tsx';

/** Height of a custom emoji in the panel, in pixels. */
const SIDE = 30;

/** Custom emoji in lines. @param title what they are called together */
export const CustomEmojiGrid: FunctionComponent<{ stickers: readonly Sticker[]; title: string; choose(sticker: Sticker): void }> = ({ stickers, title, choose }) => {
  const lines = Array.from({ length: Math.ceil(stickers.length / COLUMNS) }, (_, index) => stickers.slice(index * COLUMNS, (index + 1) * COLUMNS));
  return (
    <>
      {lines.map((line, index) => (
        <div key={index} class="emoji-line" role="row">
          {line.map((sticker) => (
            <span key={sticker.document.id} role="gridcell">
              <button class="emoji-button emoji" type="button" tabIndex={-1} aria-label={`${sticker.emoji} ${title}`} title={sticker.emoji} onClick={() => choose(sticker)}>
                <LiveEmoji sticker={sticker} side={SIDE}>
                  <span class="live-emoji-text">{sticker.emoji}</span>
                </LiveEmoji>
              </button>
            </span>
          ))}
        </div>
      ))}
    </>
  );
};

/** The custom emoji of a set, as soon as they are there. */
export const EmojiSetGrid: FunctionComponent<{ set: StickerSet; choose(sticker: Sticker): void }> = ({ set, choose }) => <CustomEmojiGrid stickers={useSet(set, true)?.stickers ?? []} title={set.title} choose={choose} />;
