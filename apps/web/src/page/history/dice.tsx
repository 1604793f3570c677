import type { FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { FileRef, Message, Sticker } from '../../protocol/index.ts';
import type { DrawnFall } from '../motion/draw-animation.ts';
import { prefersStill, useInSight } from '../motion/use-in-sight.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { nowSeconds } from '../parts/dates.ts';

const DIE = '🎲';
const FACES = ['⚀', '⚁', '⚂', '⚃', '⚄', '⚅'];
/** What was thrown longer ago, in seconds, lies where it fell. */
const FRESH_S = 20;

/** How a thrown thing is drawn: it turns until its value is known, falls once, and lies then. */
type How = 'waiting' | 'falling' | 'lying';

/** Throws that have been seen falling. */
const fallen = new Set<string>();

function howOf({ peer, id, date }: Message, value: number): How {
  if (value === 0) return 'waiting';
  const key = `${peer} ${id}`;
  const falls = nowSeconds() - date < FRESH_S && !fallen.has(key) && !prefersStill();
  fallen.add(key);
  return falls ? 'falling' : 'lying';
}

/** How a die, or another thing that is thrown, fell. The plain emoji and the number are shown where nothing can be drawn. */
export const Dice: FunctionComponent<{ message: Message; emoji: string; value: number }> = ({ message, emoji, value }) => {
  const place = useRef<HTMLParagraphElement>(null);
  const isInSight = useInSight(place);
  const parts = useSignal<Sticker[]>([]);
  const isDrawn = useSignal(false);
  const how = useMemo(() => howOf(message, value), [message.id, value]);
  useEffect(() => {
    let isGone = false;
    ask('stickers.die', { emoji, value }).then(
      (found) => !isGone && (parts.value = found),
      () => undefined,
    );
    return () => void (isGone = true);
  }, [emoji, value]);
  return (
    <p ref={place} class={`dice${isDrawn.value ? ' is-drawn' : ''}`} role="img" aria-label={t('diceValue', { emoji, value })}>
      <span class="dice-thing emoji" aria-hidden="true">
        {emoji === DIE ? (FACES[value - 1] ?? emoji) : emoji}
      </span>
      <span class="dice-value">{value === 0 ? '…' : value}</span>
      {isInSight.value && parts.value.map(({ document: { id } }) => <DicePart key={`${id} ${value}`} file={{ of: 'sticker', file: id, size: '' }} how={how} onDrawn={() => (isDrawn.value = true)} />)}
    </p>
  );
};

/** One of the animations that are drawn above each other. */
const DicePart: FunctionComponent<{ file: FileRef; how: How; onDrawn(): void }> = ({ file, how, onDrawn }) => {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let drawn: DrawnFall | undefined;
    let isGone = false;
    const draw = async (): Promise<void> => {
      const [json, { drawFall }] = await Promise.all([ask('files.animation', { file }), import('../motion/draw-animation.ts')]);
      if (isGone) return;
      drawn = drawFall(place.current!, json, { isPlayed: how !== 'lying' && !prefersStill(), isLooped: how === 'waiting' });
      onDrawn();
    };
    draw().catch(() => undefined);
    return () => {
      isGone = true;
      drawn?.destroy();
    };
  }, []);
  return <span ref={place} class="dice-part" aria-hidden="true" />;
};
