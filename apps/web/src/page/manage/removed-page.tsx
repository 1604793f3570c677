import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { attempt } from '../parts/notice.tsx';
import { personName, PersonRow } from '../parts/person-row.tsx';
import { MoreMembers } from './more-members.tsx';
import type { ManagePageProps } from './page-props.ts';

/** People who were removed and cannot come back by themselves. */
export const RemovedPage: FunctionComponent<ManagePageProps> = ({ id }) => {
  const view = useView('members', { peer: id, query: '', kind: 'removed' });
  const { members } = view.state.value;
  const letBack = (user: PeerId): Promise<boolean> => attempt(ask('manage.restrict', { peer: id, user, forbidden: [], until: 0 }));
  return (
    <>
      <p class="hint info-card-hint">{t('removedText')}</p>
      <div class="info-card">
        <ul class="people" aria-label={t('removedPeople')} aria-busy={members === undefined}>
          {members?.map(({ peer: user, restriction }) => (
            <li key={user}>
              <PersonRow peer={user} line={restriction && t('removedBy', { name: personName(restriction.by) })}>
                <button class="button button-small button-plain" type="button" aria-label={t('letBackName', { name: personName(user) })} onClick={() => void letBack(user)}>
                  {t('letBack')}
                </button>
              </PersonRow>
            </li>
          ))}
        </ul>
        {members?.length === 0 && <p class="empty">{t('nobodyRemoved')}</p>}
        <MoreMembers view={view} />
      </div>
    </>
  );
};
