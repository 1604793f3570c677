import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JoinRequest, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { formatShort } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import { t } from '../ground/text.ts';

const Requests: FunctionComponent<{ peer: PeerId; close(): void }> = ({ peer, close }) => {
  const requests = useSignal<JoinRequest[] | undefined>(undefined);
  useEffect(() => {
    ask('groups.requests', { peer }).then(
      (found) => (requests.value = found),
      () => (requests.value = []),
    );
  }, [peer]);
  const decide = async (user: PeerId, isApproved: boolean): Promise<void> => {
    if (!(await attempt(ask('groups.decide', { peer, user, isApproved })))) return;
    requests.value = requests.value?.filter((request) => request.user !== user);
  };
  return (
    <Dialog title={t('requests')} onClose={close}>
      <ul class="people" aria-label={t('requests')}>
        {requests.value?.map(({ user, date }) => (
          <li key={user}>
            <PersonRow peer={user} line={formatShort(date)} onOpen={close} />
            <div class="request-buttons">
              <button class="button button-small" type="button" onClick={() => void decide(user, true)}>
                {t('accept')}
              </button>
              <button class="button button-small button-plain" type="button" onClick={() => void decide(user, false)}>
                {t('decline')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      {requests.value?.length === 0 && <p class="empty">{t('noRequests')}</p>}
    </Dialog>
  );
};

/** Lets an admin decide who comes in. */
export function showRequests(peer: PeerId): void {
  void openDialog((close) => <Requests peer={peer} close={() => close()} />);
}
