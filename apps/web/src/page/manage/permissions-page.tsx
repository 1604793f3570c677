import type { FunctionComponent } from 'preact';
import UserPlus from 'lucide-static/icons/user-round-plus.svg';
import type { MemberRight } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { go, infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonFace } from '../parts/person-row.tsx';
import { useSaved } from '../parts/use-saved.ts';
import { chooseMember } from './choose-member.tsx';
import { MemberRights, nameForbidden } from './member-rights.tsx';
import { MoreMembers } from './more-members.tsx';
import type { ManagePageProps } from './page-props.ts';
import { SlowMode } from './slow-mode.tsx';

/** Members to whom something is forbidden that others may do. */
const Exceptions: FunctionComponent<ManagePageProps> = ({ id, peer }) => {
  const view = useView('members', { peer: id, query: '', kind: 'restricted' });
  const { members } = view.state.value;
  const add = async (): Promise<void> => {
    const user = await chooseMember({ peer: id, title: t('addException'), isOffered: ({ role }) => role === 'member' });
    if (user !== undefined) go(infoAddress({ at: 'exception', user }));
  };
  return (
    <InfoCard title={t('exceptions')}>
      <InfoAction icon={UserPlus} text={t('addException')} act={() => void add()} />
      <ul class="people" aria-label={t('exceptions')} aria-busy={members === undefined}>
        {members?.map(({ peer: user, restriction }) => (
          <li key={user} class="person">
            <a class="person-row" href={infoAddress({ at: 'exception', user })}>
              <PersonFace peer={user} line={t('mayNot', { rights: nameForbidden(peer, restriction?.forbidden ?? []).join(', ') })} />
            </a>
          </li>
        ))}
      </ul>
      <MoreMembers view={view} />
    </InfoCard>
  );
};

/** What members of a group may do, how often they may write, and to whom less is allowed. */
export const PermissionsPage: FunctionComponent<ManagePageProps> = (props) => {
  const { id, peer } = props;
  const { shown, isBusy, set } = useSaved<MemberRight[]>(peer.forbidden ?? [], (forbidden) => attempt(ask('manage.setForbidden', { peer: id, forbidden })));
  // The rest is for supergroups, and only the owner makes one of a basic group.
  const hasMore = peer.kind === 'supergroup' || peer.isCreator === true;
  return (
    <>
      <MemberRights title={t('whatMembersMay')} peer={peer} forbidden={shown} isBusy={isBusy} onChange={set} />
      {hasMore && <SlowMode {...props} />}
      {hasMore && <Exceptions {...props} />}
    </>
  );
};
