import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EntrantPage, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { formatShort } from '../parts/dates.ts';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import { appendEntrants, replaceFirst } from './join-entrants.ts';
import type { ManagePageProps } from './page-props.ts';

/** Lets an admin decide who comes in. The newest requests are shown first. */
export const RequestsPage: FunctionComponent<ManagePageProps> = ({ id: peer, details: { requests: count } }) => {
  const shown = useSignal<EntrantPage | undefined>(undefined);
  const load = async (offset: string | undefined, join: (page: EntrantPage) => EntrantPage): Promise<void> => {
    const asked = ask('groups.requests', { peer, offset });
    if (await attempt(asked)) shown.value = join(await asked);
  };
  // Another admin may have decided, or somebody else asks.
  useEffect(() => void load(undefined, (first) => (shown.value ? replaceFirst(shown.value, first) : first)), [peer, count]);
  const { people, next } = shown.value ?? {};
  const decide = async (user: PeerId, isApproved: boolean): Promise<void> => {
    if (!(await attempt(ask('groups.decide', { peer, user, isApproved })))) return;
    if (shown.value) shown.value = { ...shown.value, people: shown.value.people.filter((one) => one.peer !== user) };
  };
  return (
    <div class="info-card">
      <ul class="people" aria-label={t('requests')} aria-busy={people === undefined}>
        {people?.map(({ peer: user, date }) => (
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
      {people?.length === 0 && <p class="empty">{t('noRequests')}</p>}
      {next !== undefined && (
        <button class="link more-results" type="button" onClick={() => void load(next, (page) => appendEntrants(shown.value ?? { people: [] }, page))}>
          {t('moreMembers')}
        </button>
      )}
    </div>
  );
};
