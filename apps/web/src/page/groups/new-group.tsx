import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { t } from '../ground/text.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { showMissing } from '../people/missing-dialog.tsx';

/** Makes a group: its name, and who is in it. */
export const NewGroup: FunctionComponent = () => {
  const title = useSignal('');
  const users = useSignal<PeerId[]>([]);
  const photo = useSignal<Blob | undefined>(undefined);
  const create = async (): Promise<void> => {
    const { peer, missing } = await ask('groups.create', { title: title.value.trim(), users: users.value });
    // A refused photo can be chosen again in the group.
    if (photo.value) await attempt(ask('groups.setPhoto', { peer, photo: photo.value }));
    go(chatAddress(peer), true);
    await showMissing(peer, missing);
  };
  return (
    <>
      <SideHeader title={t('newGroup')} />
      <div class="side-scroll side-form">
        <Form submit={create} button={t('create')} isComplete={title.value.trim() !== ''}>
          <PictureField picture={photo.value} onChoose={(picture) => (photo.value = picture)} />
          <Field label={t('groupName')} maxLength={128} value={title.value} onInput={(value) => (title.value = value)} isFocused />
          <section>
            <h2 class="section-title">{t('peopleInIt')}</h2>
            <PeoplePicker chosen={users} />
          </section>
        </Form>
      </div>
    </>
  );
};
