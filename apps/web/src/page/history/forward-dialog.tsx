import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Message, MessageId, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { byChat } from '../open-chat/by-chat.ts';
import { Chips } from '../parts/chips.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { chooseTopic } from '../topic-marks/choose-topic.tsx';
import { ChatFace, chatName, mayWrite, OfferedChats } from './choose-chat.tsx';

/** Chats to which one forwards at once. */
const CHATS_MAX = 20;
/** As long as a message may be, in characters. */
const COMMENT_MAX = 4096;

/** How messages are forwarded. */
interface ForwardOptions {
  comment: string;
  isSilent: boolean;
  hidesSender: boolean;
  hidesCaptions: boolean;
}

/** Where messages are forwarded, and how. */
interface ForwardChoice {
  to: readonly PeerId[];
  options: ForwardOptions;
}

const PLAIN: ForwardOptions = { comment: '', isSilent: false, hidesSender: false, hidesCaptions: false };

const Box: FunctionComponent<{ text: string; isOn: boolean; onChange(isOn: boolean): void }> = ({ text, isOn, onChange }) => (
  <label class="box">
    <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
    <span>{text}</span>
  </label>
);

const ForwardDialog: FunctionComponent<{ hasCaptions: boolean; close(choice?: ForwardChoice): void }> = ({ hasCaptions, close }) => {
  const query = useSignal('');
  const chosen = useSignal<readonly PeerId[]>([]);
  const options = useSignal(PLAIN);
  const set = (change: Partial<ForwardOptions>): void => void (options.value = { ...options.value, ...change });
  const toggle = (peer: PeerId): void => {
    if (!chosen.value.includes(peer)) query.value = '';
    chosen.value = chosen.value.includes(peer) ? chosen.value.filter((each) => each !== peer) : [...chosen.value, peer];
  };
  const { comment, isSilent, hidesSender, hidesCaptions } = options.value;
  const isFull = chosen.value.length >= CHATS_MAX;
  return (
    <Dialog title={t('forwardTo')} onClose={() => close()} className="choose-chat">
      <Chips label={t('chosenChats')} peers={chosen.value} nameOf={chatName} onTake={toggle} />
      <OfferedChats
        query={query}
        isOffered={mayWrite}
        draw={(peer) => (
          <label class="choice-row">
            <ChatFace peer={peer} />
            <input class="tick" type="checkbox" aria-label={chatName(peer)} checked={chosen.value.includes(peer)} disabled={isFull && !chosen.value.includes(peer)} onChange={() => toggle(peer)} />
          </label>
        )}
      />
      <fieldset class="choice forward-options">
        <legend>{t('forwardOptions')}</legend>
        <Box text={t('showSender')} isOn={!hidesSender} onChange={(isOn) => set({ hidesSender: !isOn, hidesCaptions: false })} />
        {hasCaptions && hidesSender && <Box text={t('showCaptions')} isOn={!hidesCaptions} onChange={(isOn) => set({ hidesCaptions: !isOn })} />}
        <Box text={t('withoutSound')} isOn={isSilent} onChange={(isOn) => set({ isSilent: isOn })} />
      </fieldset>
      <textarea class="forward-comment" rows={1} dir="auto" maxLength={COMMENT_MAX} aria-label={t('comment')} placeholder={t('comment')} value={comment} onInput={({ currentTarget }) => set({ comment: currentTarget.value })} />
      <button class="button button-wide" type="button" disabled={chosen.value.length === 0} onClick={() => close({ to: chosen.value, options: options.value })}>
        {t('sendToChats', { n: chosen.value.length })}
      </button>
    </Dialog>
  );
};

/** Forwards messages into one chat, after what is said of them. A refusal is told. @returns whether it was done */
async function forwardTo(to: PeerId, topic: MessageId | undefined, messages: readonly Message[], { comment, ...how }: ForwardOptions = PLAIN): Promise<boolean> {
  const text = comment.trim();
  let isDone = text === '' || (await attempt(ask('messages.comment', { peer: to, topic, text, isSilent: how.isSilent })));
  // One after the other, so that they stand there in the order of this history.
  for (const { peer: from, messages: own } of byChat(messages)) isDone &&= await attempt(ask('messages.forward', { from, messages: own.map(({ id }) => id), to, topic, ...how }));
  return isDone;
}

const tellForwarded = (to: readonly PeerId[]): void => tell(to.length === 1 ? t('forwardedTo', { name: chatName(to[0]!) }) : t('forwardedToChats', { n: to.length }));

/** Lets the person choose chats, and in forums a topic, and forwards messages there. @returns whether they were, to all of them */
export async function askToForward(messages: readonly Message[]): Promise<boolean> {
  const hasCaptions = messages.some(({ media, text }) => media !== undefined && media.kind !== 'page' && text !== '');
  const choice = await openDialog<ForwardChoice>((close) => <ForwardDialog hasCaptions={hasCaptions} close={close} />);
  if (!choice) return false;
  const places: { to: PeerId; topic: MessageId | undefined }[] = [];
  for (const to of choice.to) {
    const isForum = peerSignal(to).value?.isForum === true;
    const topic = isForum ? await chooseTopic(to, t('forwardTo')) : undefined;
    if (topic === undefined && isForum) return false;
    places.push({ to, topic });
  }
  const done = await Promise.all(places.map(async ({ to, topic }) => ((await forwardTo(to, topic, messages, choice.options)) ? to : undefined)));
  const arrived = done.filter((to) => to !== undefined);
  if (arrived.length > 0) tellForwarded(arrived);
  return arrived.length === places.length;
}

/** Forwards messages to Saved Messages. */
export async function saveMessages(messages: readonly Message[]): Promise<void> {
  const { me } = session.value;
  if (me !== undefined && (await forwardTo(me, undefined, messages))) tellForwarded([me]);
}
