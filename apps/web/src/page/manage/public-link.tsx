import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask, RefusedError } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Choice } from '../parts/choice.tsx';
import { confirm } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { UsernameField } from '../parts/username-field.tsx';
import { useBarSave } from './bar-save.tsx';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';
import { PublicChats } from './public-chats.tsx';

type Openness = 'private' | 'public';

/** Whether everybody can find a group or channel, and by which link. A link is saved by "Save"; without one there is nothing to type. */
export const PublicLink: FunctionComponent<ManagePageProps> = ({ id, peer }) => {
  const [known = ''] = peer.usernames;
  const chosen = useSignal<Openness | undefined>(undefined);
  const name = useSignal(known);
  const isFree = useSignal(true);
  /** The account has as many public groups and channels as it may. */
  const isFull = useSignal(false);
  const isChannel = peer.kind === 'channel';
  const openness: Openness = chosen.value ?? (known === '' ? 'private' : 'public');
  const wanted = name.value.trim();
  const check = async (username: string): Promise<boolean> => {
    isFull.value = false;
    try {
      return await ask('groups.checkUsername', { username, peer: id });
    } catch (error) {
      isFull.value = error instanceof RefusedError && error.refusal.code === 'CHANNELS_ADMIN_PUBLIC_TOO_MUCH';
      throw error;
    }
  };
  const save = async (): Promise<void> => {
    if (await changeSupergroup(id, (group) => ask('groups.setUsername', { peer: group, username: wanted }))) chosen.value = undefined;
  };
  const makePrivate = async (): Promise<void> => {
    if (!(await confirm({ title: t('makePrivate'), text: t('makePrivateText', { link: `${location.host}/${known}` }), button: t('makePrivate') }))) return;
    if (await attempt(ask('groups.setUsername', { peer: id, username: '' }))) [chosen.value, name.value] = [undefined, ''];
  };
  const choose = (next: Openness): void => {
    if (next === 'private' && known !== '') {
      // The button shows what there is, until it is something else.
      chosen.value = 'public';
      void makePrivate();
    } else chosen.value = next;
  };
  useBarSave(openness === 'public' && wanted !== '' && wanted !== known && isFree.value ? save : undefined);
  return (
    <>
      <div class="info-card info-card-fields">
        <Choice<Openness>
          title={t(isChannel ? 'channelType' : 'groupType')}
          name="openness"
          options={[
            { id: 'private', text: t('typePrivate') },
            { id: 'public', text: t('typePublic') },
          ]}
          chosen={openness}
          onChoose={choose}
        />
        <p class="hint">{t(openness === 'public' ? 'typePublicText' : 'typePrivateText')}</p>
        {openness === 'public' && <UsernameField label={t('publicLink')} value={name} isFree={isFree} current={known} check={check} />}
        {openness === 'public' && wanted !== '' && <p class="hint">{`${location.host}/${wanted}`}</p>}
      </div>
      {isFull.value && openness === 'public' && <PublicChats onChange={() => (isFull.value = false)} />}
    </>
  );
};
