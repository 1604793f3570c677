import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import { t } from '../ground/text.ts';

/** People whom the account has blocked. */
export const BlockedPeople: FunctionComponent = () => {
  const found = useSignal<{ peers: PeerId[]; total: number } | undefined>(undefined);
  const load = async (offset: number): Promise<void> => {
    const page = await ask('people.blocked', { offset }).catch(() => ({ peers: [], total: 0 }));
    found.value = { peers: [...(offset === 0 ? [] : (found.value?.peers ?? [])), ...page.peers], total: page.total };
  };
  useEffect(() => void load(0), []);
  const unblock = async (peer: PeerId): Promise<void> => {
    if (!(await attempt(ask('people.setBlocked', { peer, isBlocked: false })))) return;
    const { peers = [], total = 1 } = found.value ?? {};
    found.value = { peers: peers.filter((each) => each !== peer), total: total - 1 };
  };
  const { peers = [], total = 0 } = found.value ?? {};
  return (
    <section class="panel">
      <h2>{t('blockedPeople')}</h2>
      <p class="hint">{t('blockedText')}</p>
      <ul class="people" aria-label={t('blockedPeople')} aria-busy={found.value === undefined}>
        {peers.map((peer) => (
          <li key={peer}>
            <PersonRow peer={peer}>
              <button class="button button-small button-plain" type="button" aria-label={t('unblockName', { name: nameOf(peerSignal(peer).value) })} onClick={() => void unblock(peer)}>
                {t('unblock')}
              </button>
            </PersonRow>
          </li>
        ))}
      </ul>
      {found.value && peers.length === 0 && <p class="empty">{t('nobodyBlocked')}</p>}
      {peers.length < total && (
        <button class="link more-results" type="button" onClick={() => void load(peers.length)}>
          {t('moreMembers')}
        </button>
      )}
    </section>
  );
};
