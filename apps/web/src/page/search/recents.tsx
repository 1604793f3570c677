import type { FunctionComponent } from 'preact';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';

/** Who was opened from the search box lately. */
export const Recents: FunctionComponent<{ onOpen(): void }> = ({ onOpen }) => {
  const { peers = [] } = useView('recents', {}).state.value;
  if (peers.length === 0) return null;
  return (
    <section class="recents" aria-label={t('recents')} onPointerDown={(event) => event.preventDefault()}>
      <header>
        <h2 class="section-title">{t('recents')}</h2>
        <button class="link" type="button" onClick={() => void ask('search.forgetRecents', undefined)}>
          {t('forgetRecents')}
        </button>
      </header>
      <ul aria-label={t('recents')}>
        {peers.map((peer) => (
          <li key={peer}>
            <a href={chatAddress(peer)} onClick={onOpen}>
              <Avatar peer={peer} />
              <bdi>{nameOf(peerSignal(peer).value)}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
};
