import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Area, Field } from '../parts/form.tsx';
import { InfoCard } from '../parts/info-card.tsx';
import { attempt, notify } from '../parts/notice.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { useBarSave } from './bar-save.tsx';
import type { ManagePageProps } from './page-props.ts';

/** The picture of a group or channel, which is saved when it is chosen. */
export const EditPicture: FunctionComponent<ManagePageProps> = ({ id, peer }) => {
  const isBusy = useSignal(false);
  const save = async (photo: Blob | undefined): Promise<void> => {
    isBusy.value = true;
    await attempt(ask('groups.setPhoto', { peer: id, photo }));
    isBusy.value = false;
  };
  return (
    <div class="edit-picture" aria-busy={isBusy.value}>
      <PictureField picture={undefined} onChoose={(picture) => void save(picture)}>
        <Avatar peer={id} size="large" />
      </PictureField>
      {peer.photo && (
        <button class="link" type="button" onClick={() => void save(undefined)}>
          {t('removePhoto')}
        </button>
      )}
    </div>
  );
};

/** Name and description of a group or channel. What was not typed here is shown as the server has it. */
export const EditTexts: FunctionComponent<ManagePageProps> = ({ id, peer, details: { about: known = '' } }) => {
  const title = useSignal<string | undefined>(undefined);
  const about = useSignal<string | undefined>(undefined);
  const isChannel = peer.kind === 'channel';
  const wanted = { title: (title.value ?? peer.name).trim(), about: (about.value ?? known).trim() };
  const save = async (): Promise<void> => {
    if (wanted.title === '') return notify(t('errorTitle'));
    if (await attempt(ask('groups.edit', { peer: id, ...wanted }))) [title.value, about.value] = [undefined, undefined];
  };
  useBarSave(wanted.title !== peer.name || wanted.about !== known ? save : undefined);
  return (
    <InfoCard>
      <div class="info-card-texts">
        <Field label={t(isChannel ? 'channelName' : 'groupName')} maxLength={128} value={title.value ?? peer.name} onInput={(value) => (title.value = value)} />
        <Area label={t('description')} maxLength={255} value={about.value ?? known} placeholder={t(isChannel ? 'channelAboutText' : 'groupAboutText')} onInput={(value) => (about.value = value)} />
      </div>
    </InfoCard>
  );
};
