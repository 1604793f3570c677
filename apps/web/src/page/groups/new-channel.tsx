import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../app/link.ts';
import { chatAddress, go } from '../app/route.ts';
import { Area, Field, Form } from '../parts/form.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { t } from '../parts/text.ts';
import { UsernameField } from '../parts/username-field.tsx';

/** Makes a channel. With a username everybody can find it. */
export const NewChannel: FunctionComponent = () => {
  const title = useSignal('');
  const about = useSignal('');
  const username = useSignal('');
  const isFree = useSignal(true);
  const photo = useSignal<Blob | undefined>(undefined);
  const create = async (): Promise<void> => {
    const name = username.value.trim();
    const peer = await ask('groups.createChannel', { title: title.value.trim(), about: about.value.trim(), photo: photo.value, username: name === '' ? undefined : name });
    go(chatAddress(peer), true);
  };
  return (
    <>
      <SideHeader title={t('newChannel')} />
      <div class="side-scroll side-form">
        <Form submit={create} button={t('create')} isComplete={title.value.trim() !== '' && isFree.value}>
          <PictureField picture={photo.value} onChoose={(picture) => (photo.value = picture)} />
          <Field label={t('channelName')} maxLength={128} value={title.value} onInput={(value) => (title.value = value)} isFocused />
          <Area label={t('description')} maxLength={255} value={about.value} onInput={(value) => (about.value = value)} />
          <UsernameField value={username} isFree={isFree} check={(name) => ask('groups.checkUsername', { username: name })} />
          <p class="hint">{t('channelUsernameText')}</p>
        </Form>
      </div>
    </>
  );
};
