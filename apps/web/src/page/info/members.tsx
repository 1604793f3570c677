import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import UserMinus from 'lucide-static/icons/user-minus.svg';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { confirm } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { personName, PersonRow } from '../parts/person-row.tsx';
import { roleOf } from '../parts/role-of.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';

/** Who is in a group or channel. */
export const Members: FunctionComponent<{ peer: PeerId }> = ({ peer: id }) => {
  const query = useSignal('');
  const view = useView('members', { peer: id, query: query.value });
  const { members, hasMore } = view.state.value;
  const remove = async (user: PeerId): Promise<void> => {
    const asked = { title: t('removeMember'), text: t('removeMemberText', { name: personName(user) }), button: t('removeMember') };
    if (await confirm(asked)) await attempt(ask('groups.removeMember', { peer: id, user }));
  };
  return (
    <>
      <div class="members-head">
        <SearchBox label={t('searchMembers')} query={query} />
      </div>
      <ul class="people" aria-label={t('membersTab')} aria-busy={members === undefined}>
        {members?.map((member) => (
          <li key={member.peer}>
            <PersonRow peer={member.peer}>
              {roleOf(member) !== undefined && (
                <span class="role">
                  <bdi>{roleOf(member)}</bdi>
                </span>
              )}
              {member.canRemove && (
                <button class="round" type="button" aria-label={t('removeName', { name: personName(member.peer) })} onClick={() => void remove(member.peer)}>
                  <UserMinus />
                </button>
              )}
            </PersonRow>
          </li>
        ))}
      </ul>
      {members?.length === 0 && <p class="empty">{t('nothingFound')}</p>}
      {hasMore && members && (
        <button class="link more-results" type="button" onClick={() => void ask('members.more', { view: view.id })}>
          {t('moreMembers')}
        </button>
      )}
    </>
  );
};
