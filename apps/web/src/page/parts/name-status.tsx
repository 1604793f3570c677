import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EmojiStatus, UnixTime } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { customEmoji, LiveEmoji } from '../motion/live-emoji.tsx';
import { nowSeconds } from './dates.ts';

/** Its height, in pixels. */
const SIDE = 24;
/** The longest time that a timer of browsers waits, in milliseconds. */
const WAIT_MAX_MS = 2 ** 31 - 1;

/** Whether a time is over. Nobody tells that, so the page waits for it. */
function useIsOver(until: UnixTime | undefined): boolean {
  const now = useSignal(nowSeconds());
  useEffect(() => {
    if (until === undefined || until <= now.value) return undefined;
    const timer = setTimeout(() => (now.value = nowSeconds()), Math.min(WAIT_MAX_MS, Math.max(0, until * 1000 - Date.now()) + 1));
    return () => clearTimeout(timer);
  }, [until, now.value]);
  return until !== undefined && until <= now.value;
}

/** The emoji beside a name, until its time is over. */
export const NameStatus: FunctionComponent<{ status: EmojiStatus }> = ({ status: { emoji, until } }) => {
  const isOver = useIsOver(until);
  const sticker = customEmoji(emoji).value;
  if (isOver || !sticker) return null;
  return (
    <span class="name-status" role="img" aria-label={t('emojiStatus', { emoji: sticker.emoji })}>
      <LiveEmoji key={emoji} sticker={sticker} side={SIDE}>
        {null}
      </LiveEmoji>
    </span>
  );
};
