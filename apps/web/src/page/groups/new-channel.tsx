import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { Area, Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { t } from '../ground/text.ts';
import { UsernameField } from '../parts/username-field.tsx';

/** Makes a channel. With a username everybody can find it. */
export const NewChannel: FunctionComponent = () => {
  const title = useSignal('');
  const about = useSignal('');
  const username = useSignal('');
  const isFree = useSignal(true);
  const photo = useSignal<Blob | undefined>(undefined);
  /** Somebody may take the username meanwhile. Then another one is given to the channel that was made. */
  const made = useRef<PeerId | undefined>(undefined);
  const create = async (): Promise<void> => {
    const name = username.value.trim();
    const texts = { title: title.value.trim(), about: about.value.trim() };
    const { current: known } = made;
    const peer = known ?? (await ask('groups.createChannel', texts));
    made.current = peer;
    if (known !== undefined) await ask('groups.edit', { peer, ...texts });
    if (name !== '') await ask('groups.setUsername', { peer, username: name });
    // A refused photo can be chosen again in the channel.
    if (photo.value) await attempt(ask('groups.setPhoto', { peer, photo: photo.value }));
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
