import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import UserMinus from 'lucide-static/icons/user-minus.svg';
import Crown from 'lucide-static/icons/crown.svg';
import type { AdminRight, Member, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { go, infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { confirm } from '../parts/dialog.tsx';
import { Field } from '../parts/form.tsx';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { personName, PersonRow } from '../parts/person-row.tsx';
import { useSaved } from '../parts/use-saved.ts';
import { AdminRights, firstRights, grantableRights, nameAdminRights } from './admin-rights.tsx';
import { useBarSave } from './bar-save.tsx';
import { makeOwner } from './make-owner.tsx';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';

interface AdminProps extends ManagePageProps {
  user: PeerId;
  member: Member;
}

/** Characters of a title. */
const RANK_MAX = 16;

/** What the account may set of an admin: its own title, and as owner whether it is seen. */
const offeredFor = ({ peer, member }: AdminProps): AdminRight[] => (member.role === 'owner' ? (['anonymous'] as const).filter(() => peer.kind === 'supergroup') : grantableRights(peer));

/** Rights and title of somebody whom the account may change. For a member who is no admin yet, nothing is saved before the button is pressed. */
const Editor: FunctionComponent<AdminProps> = (props) => {
  const { id, peer, user, member } = props;
  const isNew = member.role === 'member';
  const chosen = useSignal(firstRights(peer));
  const rank = useSignal<string | undefined>(undefined);
  const knownRank = member.rank ?? '';
  const title = rank.value ?? knownRank;
  const set = (group: PeerId, rights: AdminRight[], wanted: string): Promise<void> => ask('manage.setAdmin', { peer: group, user, rights, rank: wanted.trim() });
  const known = member.admin?.rights ?? [];
  const { shown, isBusy, set: save } = useSaved(known, (rights) => changeSupergroup(id, (group) => set(group, rights, knownRank)));
  const first = firstRights(peer);
  const isFirst = first.length === chosen.value.length && first.every((right) => chosen.value.includes(right));
  const make = (): Promise<boolean> => (isFirst ? attempt(set(id, chosen.value, title)) : changeSupergroup(id, (group) => set(group, chosen.value, title)));
  const saveRank = async (): Promise<void> => {
    if (await attempt(set(id, known, title))) rank.value = undefined;
  };
  useBarSave(!isNew && title.trim() !== knownRank ? saveRank : undefined);
  return (
    <>
      <AdminRights peer={peer} rights={isNew ? chosen.value : shown} offered={offeredFor(props)} isBusy={isBusy} onChange={(rights) => (isNew ? (chosen.value = rights) : save(rights))} />
      {peer.kind !== 'channel' && (
        <div class="info-card info-card-texts">
          <Field label={t('adminTitle')} maxLength={RANK_MAX} value={title} onInput={(value) => (rank.value = value)} />
        </div>
      )}
      {isNew && (
        <button class="button" type="button" onClick={() => void make()}>
          {t('makeAdmin')}
        </button>
      )}
    </>
  );
};

/** What can be done with an admin as a whole. */
const Actions: FunctionComponent<AdminProps> = ({ id, peer, user }) => {
  const toList = (): void => go(infoAddress({ at: 'admins' }), true);
  const dismiss = async (): Promise<void> => {
    if (!(await confirm({ title: t('dismissAdmin'), text: t('dismissAdminText', { name: personName(user) }), button: t('dismissAdmin'), isDangerous: true }))) return;
    if (await attempt(ask('manage.dismissAdmin', { peer: id, user }))) toList();
  };
  const isPerson = peerSignal(user).value?.isBot !== true;
  return (
    <InfoCard>
      {peer.isCreator && isPerson && <InfoAction icon={Crown} text={t('makeOwner')} act={() => void makeOwner(id, user).then((isDone) => isDone && toList())} />}
      <InfoAction icon={UserMinus} text={t('dismissAdmin')} isDangerous act={() => void dismiss()} />
    </InfoCard>
  );
};

/** What one admin may do, or what a member would who is made one. */
export const AdminPage: FunctionComponent<ManagePageProps & { user: PeerId }> = (props) => {
  const { id, peer, user } = props;
  const { member, isLoaded } = useView('member', { peer: id, user }).state.value;
  if (!isLoaded) return null;
  if (!member || member.restriction?.isRemoved) return <p class="empty">{t('notAMember')}</p>;
  const isOwnerHere = peer.isCreator === true;
  const isSelf = user === session.value.me;
  const mayEdit = member.role === 'owner' ? isSelf : member.role === 'admin' ? isOwnerHere || member.admin?.canEdit === true : mayAsAdmin(peer, 'addAdmins');
  return (
    <>
      <div class="info-card">
        <PersonRow peer={user} />
      </div>
      {mayEdit ? (
        <Editor {...props} member={member} />
      ) : (
        <InfoCard title={t('whatAdminMay')}>
          <ul class="info-list">
            {nameAdminRights(peer, member.admin?.rights ?? []).map((text) => (
              <li key={text} class="info-row">
                {text}
              </li>
            ))}
          </ul>
          <p class="hint info-card-hint">{t(member.role === 'owner' ? 'ownerMayAll' : 'cannotEditAdmin')}</p>
        </InfoCard>
      )}
      {member.role === 'admin' && mayEdit && <Actions {...props} member={member} />}
    </>
  );
};
