import type { FunctionComponent } from 'preact';
import UserPlus from 'lucide-static/icons/user-round-plus.svg';
import type { Member } from '../../protocol/index.ts';
import { go, infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { personName, PersonFace } from '../parts/person-row.tsx';
import { roleOf } from '../parts/role-of.ts';
import { chooseMember } from './choose-member.tsx';
import { MoreMembers } from './more-members.tsx';
import type { ManagePageProps } from './page-props.ts';

/** Whether the account may make others admins. Pure. */
const mayPromote = ({ peer }: ManagePageProps): boolean => mayAsAdmin(peer, 'addAdmins');

function describe({ role, admin }: Member): string | undefined {
  if (role === 'owner' || admin?.by === undefined) return undefined;
  return t('promotedBy', { name: personName(admin.by) });
}

/** Who may do more in a group or channel than members do. */
export const AdminsPage: FunctionComponent<ManagePageProps> = (props) => {
  const { id } = props;
  const view = useView('members', { peer: id, query: '', kind: 'admins' });
  const { members } = view.state.value;
  const add = async (): Promise<void> => {
    const user = await chooseMember({ peer: id, title: t('addAdmin'), isOffered: ({ role }) => role === 'member' });
    if (user !== undefined) go(infoAddress({ at: 'admin', user }));
  };
  return (
    <InfoCard>
      {mayPromote(props) && <InfoAction icon={UserPlus} text={t('addAdmin')} act={() => void add()} />}
      <ul class="people" aria-label={t('adminsTitle')} aria-busy={members === undefined}>
        {members?.map((member) => (
          <li key={member.peer} class="person">
            <a class="person-row" href={infoAddress({ at: 'admin', user: member.peer })}>
              <PersonFace peer={member.peer} line={describe(member)} />
            </a>
            <span class="role">
              <bdi>{roleOf(member)}</bdi>
            </span>
          </li>
        ))}
      </ul>
      <MoreMembers view={view} />
    </InfoCard>
  );
};
