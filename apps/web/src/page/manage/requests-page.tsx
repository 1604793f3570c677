import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JoinRequest, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { formatShort } from '../parts/dates.ts';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import type { ManagePageProps } from './page-props.ts';

/** Lets an admin decide who comes in. The newest requests are shown first; older ones follow when these are decided. */
export const RequestsPage: FunctionComponent<ManagePageProps> = ({ id: peer, details: { requests: count } }) => {
  const requests = useSignal<JoinRequest[] | undefined>(undefined);
  useEffect(() => {
    const asked = ask('groups.requests', { peer });
    asked.then((found) => (requests.value = found), () => undefined);
    void attempt(asked);
    // Another admin may have decided, or somebody else asks.
  }, [peer, count]);
  const decide = async (user: PeerId, isApproved: boolean): Promise<void> => {
    if (!(await attempt(ask('groups.decide', { peer, user, isApproved })))) return;
    requests.value = requests.value?.filter((request) => request.user !== user);
  };
  return (
    <div class="info-card">
      <ul class="people" aria-label={t('requests')} aria-busy={requests.value === undefined}>
        {requests.value?.map(({ user, date }) => (
          <li key={user}>
            <PersonRow peer={user} line={formatShort(date)} />
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
    </div>
  );
};
