import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Area, Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { Switch } from '../parts/switch.tsx';
import { t } from '../ground/text.ts';
import { AllowedReactionsField, isSameAllowed } from './allowed-reactions.tsx';

const EditGroup: FunctionComponent<{ peer: PeerId; about: string; close(): void }> = ({ peer: id, about: before, close }) => {
  const peer = peerSignal(id).value;
  const title = useSignal(peer?.name ?? '');
  const about = useSignal(before);
  const reactions = useSignal(peer?.reactions);
  const photo = useSignal<Blob | undefined>(undefined);
  const isChannel = peer?.kind === 'channel';
  const mayDivide = !isChannel && peer?.isCreator === true;
  const isForum = useSignal(peer?.isForum === true);
  const hasTabs = useSignal(peer?.hasTabs === true);
  const save = async (): Promise<void> => {
    await ask('groups.edit', { peer: id, title: title.value.trim(), about: about.value.trim() });
    if (photo.value) await ask('groups.setPhoto', { peer: id, photo: photo.value });
    if (reactions.value && !isSameAllowed(reactions.value, peer?.reactions)) await ask('reactions.allow', { peer: id, allowed: reactions.value });
    const tabs = isForum.value && hasTabs.value;
    if (isForum.value !== (peer?.isForum === true) || tabs !== (peer?.hasTabs === true)) {
      const group = await ask('topics.setForum', { peer: id, isForum: isForum.value, hasTabs: tabs });
      if (group !== id) go(chatAddress(group), true);
    }
    close();
  };
  return (
    <Dialog title={t(isChannel ? 'editChannel' : 'editGroup')} onClose={close}>
      <Form submit={save} button={t('save')} isComplete={title.value.trim() !== ''}>
        <PictureField picture={photo.value} onChoose={(picture) => (photo.value = picture)}>
          <Avatar peer={id} size="large" />
        </PictureField>
        {peer?.photo && !photo.value && (
          <button class="link" type="button" onClick={() => void attempt(ask('groups.setPhoto', { peer: id }))}>
            {t('removePhoto')}
          </button>
        )}
        <Field label={t(isChannel ? 'channelName' : 'groupName')} maxLength={128} value={title.value} onInput={(value) => (title.value = value)} />
        <Area label={t('description')} maxLength={255} value={about.value} onInput={(value) => (about.value = value)} />
        {reactions.value && <AllowedReactionsField allowed={reactions.value} onChange={(allowed) => (reactions.value = allowed)} />}
        {mayDivide && (
          <>
            <Switch text={t('topics')} isOn={isForum.value} onChange={(isOn) => (isForum.value = isOn)} />
            <p class="hint">{t('topicsText')}</p>
            {isForum.value && <Switch text={t('topicsAsTabs')} isOn={hasTabs.value} onChange={(isOn) => (hasTabs.value = isOn)} />}
          </>
        )}
      </Form>
    </Dialog>
  );
};

/** Changes name, picture and description of a group or channel. */
export async function editGroup(peer: PeerId, about: string): Promise<void> {
  await openDialog((close) => <EditGroup peer={peer} about={about} close={() => close()} />);
}
