import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Sticker as StickerFacts } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Sticker } from '../motion/sticker.tsx';

/** Side of a sticker that is offered, in pixels. */
const SIDE = 60;
/** Stickers that are offered. */
const OFFERED_MAX = 20;

/** Stickers for the emoji that is all that is written. */
export const StickerSuggestions: FunctionComponent<{ emoji: string | undefined; choose(file: string): void }> = ({ emoji, choose }) => {
  const found = useSignal<{ emoji: string; stickers: StickerFacts[] } | undefined>(undefined);
  useEffect(() => {
    if (emoji === undefined) return undefined;
    let isGone = false;
    ask('stickers.suggested', { emoji }).then((stickers) => !isGone && (found.value = { emoji, stickers: stickers.slice(0, OFFERED_MAX) }), () => undefined);
    return () => void (isGone = true);
  }, [emoji]);
  const stickers = found.value !== undefined && found.value.emoji === emoji ? found.value.stickers : [];
  if (stickers.length === 0) return null;
  return (
    <div class="suggested-stickers" role="group" aria-label={t('stickers')}>
      {stickers.map(({ document: { id, mime, preview, width, height } }) => (
        <button key={id} type="button" onClick={() => choose(id)}>
          <Sticker file={{ of: 'sticker', file: id, size: '' }} mime={mime} preview={preview} side={SIDE} width={width} height={height} isLazy />
        </button>
      ))}
    </div>
  );
};
