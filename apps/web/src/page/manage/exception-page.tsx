import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import UserMinus from 'lucide-static/icons/user-minus.svg';
import UserCheck from 'lucide-static/icons/user-check.svg';
import type { MemberRight, PeerId, UnixTime } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { go, infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { confirm } from '../parts/dialog.tsx';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { personName, PersonRow } from '../parts/person-row.tsx';
import { useSaved } from '../parts/use-saved.ts';
import { MemberRights } from './member-rights.tsx';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';
import { UntilField } from './until-field.tsx';

interface Exception {
  forbidden: MemberRight[];
  /** 0: for ever. */
  until: UnixTime;
}

/** What one member may not do, beside what is forbidden to all, and for how long. */
export const ExceptionPage: FunctionComponent<ManagePageProps & { user: PeerId }> = ({ id, peer, user }) => {
  const { member, isLoaded } = useView('member', { peer: id, user }).state.value;
  /** How long a restriction will last that is yet to be made. */
  const wantedUntil = useSignal<UnixTime>(0);
  const known = member?.restriction;
  const { shown, isBusy, set } = useSaved<Exception>({ forbidden: known?.forbidden ?? [], until: known?.until ?? wantedUntil.value }, ({ forbidden, until }) =>
    changeSupergroup(id, (group) => ask('manage.restrict', { peer: group, user, forbidden, until })),
  );
  const toList = (): void => go(infoAddress({ at: 'permissions' }), true);
  const remove = async (): Promise<void> => {
    if (!(await confirm({ title: t('removeMember'), text: t('removeMemberText', { name: personName(user) }), button: t('removeMember'), isDangerous: true }))) return;
    if (await attempt(ask('groups.removeMember', { peer: id, user }))) toList();
  };
  const lift = async (): Promise<void> => {
    if (await attempt(ask('manage.restrict', { peer: id, user, forbidden: [], until: 0 }))) toList();
  };
  const setUntil = (until: UnixTime): void => {
    wantedUntil.value = until;
    if (shown.forbidden.length > 0) set({ ...shown, until });
  };
  if (!isLoaded) return null;
  return (
    <>
      <div class="info-card">
        <PersonRow peer={user} />
      </div>
      <MemberRights title={t('whatMemberMay')} peer={peer} forbidden={shown.forbidden} without={peer.forbidden} isBusy={isBusy} onChange={(forbidden) => set({ forbidden, until: known === undefined ? wantedUntil.value : shown.until })} />
      <UntilField until={shown.until} onChange={setUntil} />
      <InfoCard>
        {known && <InfoAction icon={UserCheck} text={t('removeException')} act={() => void lift()} />}
        {member?.canRemove && <InfoAction icon={UserMinus} text={t('removeMember')} isDangerous act={() => void remove()} />}
      </InfoCard>
    </>
  );
};
