import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { confirm } from '../parts/dialog.tsx';
import { InfoCard } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';

const linkOf = (peer: PeerId): string => `${location.host}/${peerSignal(peer).value?.usernames[0] ?? ''}`;

/** The public groups and channels of the account, of which one has to become private before there can be another one. */
export const PublicChats: FunctionComponent<{ onChange(): void }> = ({ onChange }) => {
  const peers = useSignal<PeerId[]>([]);
  useEffect(() => {
    const asked = ask('groups.listPublic', undefined);
    asked.then((found) => (peers.value = found), () => undefined);
    void attempt(asked);
  }, []);
  const giveUp = async (peer: PeerId): Promise<void> => {
    if (!(await confirm({ title: t('makePrivate'), text: t('makePrivateText', { link: linkOf(peer) }), button: t('makePrivate') }))) return;
    if (await attempt(ask('groups.setUsername', { peer, username: '' }))) onChange();
  };
  return (
    <InfoCard title={t('ownPublic')}>
      <ul class="people" aria-label={t('ownPublic')}>
        {peers.value.map((peer) => (
          <li key={peer}>
            <PersonRow peer={peer} line={linkOf(peer)}>
              <button class="button button-small button-plain" type="button" onClick={() => void giveUp(peer)}>
                {t('makePrivate')}
              </button>
            </PersonRow>
          </li>
        ))}
      </ul>
    </InfoCard>
  );
};
