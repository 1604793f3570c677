import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Peer } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Area, Field, Form } from '../parts/form.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { UsernameField } from '../parts/username-field.tsx';
import { StatusPlace } from '../statuses/status-place.tsx';

const NameForm: FunctionComponent<{ peer: Peer; about: string }> = ({ peer, about: before }) => {
  const first = useSignal(peer.firstName ?? '');
  const last = useSignal(peer.lastName ?? '');
  const about = useSignal(before);
  const save = async (): Promise<void> => {
    await ask('profile.save', { firstName: first.value.trim(), lastName: last.value.trim(), about: about.value.trim() });
    tell(t('saved'));
  };
  return (
    <Form submit={save} button={t('save')} isComplete={first.value.trim() !== ''}>
      <Field label={t('firstName')} autocomplete="given-name" maxLength={64} value={first.value} onInput={(value) => (first.value = value)} />
      <Field label={t('lastName')} autocomplete="family-name" maxLength={64} value={last.value} onInput={(value) => (last.value = value)} />
      <Area label={t('bio')} maxLength={70} value={about.value} onInput={(value) => (about.value = value)} />
      <p class="hint">{t('bioText')}</p>
    </Form>
  );
};

const UsernameForm: FunctionComponent<{ current: string }> = ({ current }) => {
  const username = useSignal(current);
  const isFree = useSignal(true);
  const save = async (): Promise<void> => {
    await ask('profile.setUsername', { username: username.value.trim() });
    tell(t('saved'));
  };
  return (
    <Form submit={save} button={t('saveUsername')} isComplete={isFree.value && username.value.trim() !== current}>
      <UsernameField value={username} isFree={isFree} current={current} check={(name) => ask('profile.checkUsername', { username: name })} />
      <p class="hint">{t('usernameText', { link: `${location.host}/${username.value.trim() || t('usernameExample')}` })}</p>
    </Form>
  );
};

/** How others see the account. */
export const ProfilePage: FunctionComponent = () => {
  const me = session.value.me!;
  const { about, isLoaded } = useView('chat', { peer: me }).state.value;
  const peer = peerSignal(me).value;
  const isBusy = useSignal(false);
  if (!peer) return null;
  const setPhoto = async (photo?: Blob): Promise<void> => {
    isBusy.value = true;
    await attempt(ask('profile.setPhoto', { photo }));
    isBusy.value = false;
  };
  return (
    <>
      <section class="panel panel-centred" aria-busy={isBusy.value}>
        <PictureField picture={undefined} onChoose={(picture) => void setPhoto(picture)}>
          <Avatar peer={me} size="large" isPerson />
        </PictureField>
        {peer.photo && (
          <button class="link" type="button" disabled={isBusy.value} onClick={() => void setPhoto()}>
            {t('removePhoto')}
          </button>
        )}
        <p class="hint">
          {t('phone')}: +{peer.phone}
        </p>
      </section>
      <StatusPlace peer={peer} />
      <section class="panel">{isLoaded && <NameForm peer={peer} about={about ?? ''} />}</section>
      <section class="panel">
        <UsernameForm key={peer.usernames[0]} current={peer.usernames[0] ?? ''} />
      </section>
    </>
  );
};
