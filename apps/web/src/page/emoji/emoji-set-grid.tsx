import type { FunctionComponent } from 'preact';
import type { StickerSet } from '../../protocol/index.ts';
import { LiveEmoji } from '../motion/live-emoji.tsx';
import { COLUMNS } from './emoji-grid.tsx';
import { useSet } from './set-cover.tsx';

/** Height of a custom emoji in the panel, in pixels. */
const SIDE = 30;

/** The custom emoji of a set, in lines. */
export const EmojiSetGrid: FunctionComponent<{ set: StickerSet; choose(emoji: string, custom: string): void }> = ({ set, choose }) => {
  const stickers = useSet(set, true)?.stickers ?? [];
  const lines = Array.from({ length: Math.ceil(stickers.length / COLUMNS) }, (_, index) => stickers.slice(index * COLUMNS, (index + 1) * COLUMNS));
  return (
    <>
      {lines.map((line, index) => (
        <div key={index} class="emoji-line" role="row">
          {line.map((sticker) => (
            <span key={sticker.document.id} role="gridcell">
              <button class="emoji-button emoji" type="button" tabIndex={-1} aria-label={`${sticker.emoji} ${set.title}`} title={sticker.emoji} onClick={() => choose(sticker.emoji, sticker.document.id)}>
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
