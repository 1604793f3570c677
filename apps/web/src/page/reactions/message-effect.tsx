import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { signal, useSignal } from '@preact/signals';
import Sparkles from 'lucide-static/icons/sparkles.svg';
import type { Effect, Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { PlayOnce } from '../motion/play-once.tsx';
import { prefersStill } from '../motion/use-in-sight.ts';

/** Messages of which it is noted that their effect was played. */
const PLAYED_MAX = 500;

const played = new Set<string>();
const effects = signal<readonly Effect[] | undefined>(undefined);

/** Notes that the effect of a message is played now. @returns whether it was not before */
function notePlayed(key: string): boolean {
  if (played.has(key)) return false;
  played.add(key);
  for (const oldest of [...played].slice(0, -PLAYED_MAX)) played.delete(oldest);
  return true;
}

/** The sign of the effect of a message. It is played when the message comes, and when the sign is pressed. */
export const MessageEffect: FunctionComponent<{ message: Message; effect: string; isNew: boolean }> = ({ message: { key }, effect, isNew }) => {
  const isPlaying = useSignal(false);
  useEffect(() => {
    if (!effects.value) ask('effects.list', undefined).then((found) => (effects.value = found), () => undefined);
    if (isNew && !prefersStill() && notePlayed(key)) isPlaying.value = true;
  }, []);
  const sign = effects.value?.find(({ id }) => id === effect)?.emoji;
  return (
    <>
      <button class="effect-sign emoji" type="button" aria-label={t('playEffect')} title={t('playEffect')} onClick={() => (isPlaying.value = true)}>
        {sign ?? <Sparkles />}
      </button>
      {isPlaying.value && <PlayOnce class="message-effect" find={() => ask('effects.animation', { id: effect })} onEnd={() => (isPlaying.value = false)} />}
    </>
  );
};
