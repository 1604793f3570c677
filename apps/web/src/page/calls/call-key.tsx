import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import Lock from 'lucide-static/icons/lock.svg';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { nameOf } from '../parts/names.tsx';
import { KEY_EMOJI } from './key-emoji.ts';

/** The four emoji of the key, by which both can find out that nobody stands between them; with their words after a press. */
export const CallKey: FunctionComponent<{ peer: PeerId; places: readonly number[] }> = ({ peer: id, places }) => {
  const isOpen = useSignal(false);
  const shown = places.map((at) => KEY_EMOJI[at] ?? { emoji: '', name: '' });
  const peer = peerSignal(id).value;
  return (
    <>
      <button
        class="call-key"
        type="button"
        aria-expanded={isOpen.value}
        aria-label={t('callKey', { words: shown.map(({ name }) => name).join(', ') })}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {shown.map(({ emoji }, at) => (
          <span key={at}>{emoji}</span>
        ))}
        <Lock />
      </button>
      {isOpen.value && (
        <section class="call-key-card" aria-label={t('callKeyTitle')}>
          <ul>
            {shown.map(({ emoji, name }, at) => (
              <li key={at}>
                <span>{emoji}</span>
                <small>{name}</small>
              </li>
            ))}
          </ul>
          <h2>{t('callKeyTitle')}</h2>
          <p>{t('callKeyText', { name: peer?.firstName ?? nameOf(peer) })}</p>
        </section>
      )}
    </>
  );
};
