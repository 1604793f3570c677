import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { GENERAL_TOPIC, type MessageId, type PeerId, type Topic } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { ask } from '../ground/link.ts';
import { go, topicAddress } from '../ground/route.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';
import { IconField } from './icon-field.tsx';
import { cssColour, TopicIcon } from '../topic-marks/topic-icon.tsx';

/** Longest title, in characters. */
const TITLE_MAX = 128;
/** The colours that clients know, with their names. */
const COLOURS: readonly (readonly [number, TextKey])[] = [
  [0x6fb9f0, 'colourBlue'],
  [0xffd67e, 'colourYellow'],
  [0xcb86db, 'colourViolet'],
  [0x8eee98, 'colourGreen'],
  [0xff93b2, 'colourRose'],
  [0xfb6f5f, 'colourRed'],
];

const Colours: FunctionComponent<{ chosen: number; onChoose(colour: number): void }> = ({ chosen, onChoose }) => (
  <fieldset class="choice topic-colours">
    <legend>{t('topicColour')}</legend>
    {COLOURS.map(([colour, name]) => (
      <label key={colour} class="topic-choice topic-colour" title={t(name)}>
        <input type="radio" name="topic-colour" aria-label={t(name)} checked={colour === chosen} onChange={() => onChoose(colour)} />
        <span style={{ background: cssColour(colour) }} />
      </label>
    ))}
  </fieldset>
);

const NewTopic: FunctionComponent<{ peer: PeerId; close(created?: MessageId): void }> = ({ peer, close }) => {
  const title = useSignal('');
  const colour = useSignal(COLOURS[0]![0]);
  const icon = useSignal<string | undefined>(undefined);
  const topic = { id: 0, title: title.value, colour: colour.value };
  const create = async (): Promise<void> => close(await ask('topics.create', { peer, title: title.value.trim(), colour: colour.value, icon: icon.value }));
  return (
    <Dialog title={t('newTopic')} onClose={() => close()}>
      <Form submit={create} button={t('create')} isComplete={title.value.trim() !== ''}>
        <div class="topic-preview">
          <TopicIcon topic={{ ...topic, icon: icon.value }} />
        </div>
        <Field label={t('topicName')} maxLength={TITLE_MAX} value={title.value} onInput={(value) => (title.value = value)} />
        <Colours chosen={colour.value} onChoose={(value) => (colour.value = value)} />
        <IconField topic={topic} chosen={icon.value} onChoose={(chosen) => (icon.value = chosen)} />
      </Form>
    </Dialog>
  );
};

const EditTopic: FunctionComponent<{ topic: Topic; close(): void }> = ({ topic, close }) => {
  const title = useSignal(topic.title);
  const icon = useSignal(topic.icon);
  const shown = { ...topic, title: title.value };
  const save = async (): Promise<void> => {
    const wanted = title.value.trim();
    const change = { ...(wanted === topic.title ? {} : { title: wanted }), ...(icon.value === topic.icon ? {} : { icon: icon.value ?? null }) };
    if (Object.keys(change).length > 0) await ask('topics.edit', { peer: topic.peer, topic: topic.id, ...change });
    close();
  };
  return (
    <Dialog title={t('editTopic')} onClose={close}>
      <Form submit={save} button={t('save')} isComplete={title.value.trim() !== ''}>
        {topic.id !== GENERAL_TOPIC && (
          <div class="topic-preview">
            <TopicIcon topic={{ ...shown, icon: icon.value }} />
          </div>
        )}
        <Field label={t('topicName')} maxLength={TITLE_MAX} value={title.value} onInput={(value) => (title.value = value)} />
        {topic.id !== GENERAL_TOPIC && <IconField topic={shown} chosen={icon.value} onChoose={(chosen) => (icon.value = chosen)} />}
      </Form>
    </Dialog>
  );
};

/** Asks for title, colour and icon, creates a topic, and opens it. */
export async function createTopic(peer: PeerId): Promise<void> {
  const created = await openDialog<MessageId>((close) => <NewTopic peer={peer} close={close} />);
  if (created !== undefined) go(topicAddress(peer, created));
}

/** Changes the title and the icon of a topic. */
export async function editTopic(topic: Topic): Promise<void> {
  await openDialog((close) => <EditTopic topic={topic} close={() => close()} />);
}
