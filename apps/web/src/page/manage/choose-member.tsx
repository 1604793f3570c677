import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Member, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { PersonFace } from '../parts/person-row.tsx';
import { SearchBox } from '../parts/search-box.tsx';

interface ChooseMemberProps {
  peer: PeerId;
  title: string;
  isOffered(member: Member): boolean;
}

const ChooseMember: FunctionComponent<ChooseMemberProps & { close(user?: PeerId): void }> = ({ peer, title, isOffered, close }) => {
  const query = useSignal('');
  const view = useView('members', { peer, query: query.value });
  const { members, hasMore } = view.state.value;
  const offered = members?.filter(isOffered);
  return (
    <Dialog title={title} onClose={() => close()} className="choose-chat">
      <SearchBox label={t('searchMembers')} query={query} autofocus />
      <ul class="people" aria-label={t('membersTab')} aria-busy={members === undefined}>
        {offered?.map(({ peer: user }) => (
          <li key={user} class="person">
            <button class="person-row" type="button" onClick={() => close(user)}>
              <PersonFace peer={user} />
            </button>
          </li>
        ))}
      </ul>
      {offered?.length === 0 && <p class="empty">{t('nothingFound')}</p>}
      {hasMore && (
        <button class="link more-results" type="button" onClick={() => void ask('members.more', { view: view.id })}>
          {t('moreMembers')}
        </button>
      )}
    </Dialog>
  );
};

/** Lets the person choose a member. @returns undefined if they choose none */
export const chooseMember = (choice: ChooseMemberProps): Promise<PeerId | undefined> => openDialog<PeerId>((close) => <ChooseMember {...choice} close={close} />);
