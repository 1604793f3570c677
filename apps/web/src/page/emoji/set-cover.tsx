import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { StickerSet, WholeSet } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { LiveEmoji } from '../motion/live-emoji.tsx';
import { Sticker } from '../motion/sticker.tsx';
import { useInSight } from '../motion/use-in-sight.ts';

/** Side of the first sticker of a set in the row of tabs, in pixels. */
const SIDE = 26;

/** Loads a set when it is near enough to be seen. Each change of the set loads it again. @returns undefined until it is there */
export function useSet({ id, version }: StickerSet, isNear: boolean): WholeSet | undefined {
  const whole = useSignal<WholeSet | undefined>(undefined);
  useEffect(() => {
    if (!isNear) return undefined;
    let isGone = false;
    ask('stickers.set', { by: 'id', id }).then((found) => !isGone && (whole.value = found), () => undefined);
    return () => void (isGone = true);
  }, [id, version, isNear]);
  return whole.value;
}

/** The first sticker of a set, for its tab. */
export const SetCover: FunctionComponent<{ set: StickerSet }> = ({ set }) => {
  const place = useRef<HTMLSpanElement>(null);
  const isInSight = useInSight(place);
  const first = useSet(set, isInSight.value)?.stickers[0];
  return (
    <span ref={place} class="set-cover">
      {first?.isTinted ? (
        <LiveEmoji sticker={first} side={SIDE}>
          {null}
        </LiveEmoji>
      ) : (
        first && <Sticker file={{ of: 'sticker', file: first.document.id, size: '' }} mime={first.document.mime} preview={first.document.preview} side={SIDE} width={first.document.width} height={first.document.height} isLazy />
      )}
    </span>
  );
};
