import type { FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import BellOff from 'lucide-static/icons/bell-off.svg';
import Check from 'lucide-static/icons/check.svg';
import Sparkles from 'lucide-static/icons/sparkles.svg';
import SendIcon from 'lucide-static/icons/send-horizontal.svg';
import type { ChatView, MessageContext, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { openMenu } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { Attach } from './attach.tsx';
import { BotKeys, BotKeysButton } from './bot-keys.tsx';
import { chooseEffect } from './choose-effect.ts';
import { CommandList } from './command-list.tsx';
import { CommandsButton } from './commands-button.tsx';
import type { KeptChoice } from '../emoji/kept-tab.tsx';
import { isOnPhone, PanelButton, PanelPlace } from '../emoji/panel-place.tsx';
import { FormatBar } from './format-bar.tsx';
import { InlineList } from './inline-list.tsx';
import { askForLink } from './link-dialog.tsx';
import { MentionList } from './mention-list.tsx';
import { maySendMedia, offerFiles } from './offer-files.tsx';
import { OfferedKeysState } from './offered-keys.ts';
import { RecordVoice } from './record-voice.tsx';
import { SendAs } from './send-as.tsx';
import { StickerSuggestions } from './sticker-suggestions.tsx';
import { Writer } from './writer.ts';
import { WritingBar } from './writing-bar.tsx';

/** Sends what is written. A longer press, or the other button of the mouse, offers to do it without a sound. */
const SendButton: FunctionComponent<{ writer: Writer; isEdit: boolean; mayHaveEffect: boolean }> = ({ writer, isEdit, mayHaveEffect }) => {
  const gestures = useMenuGestures((place) => {
    if (isEdit) return;
    const silently = { name: t('sendSilently'), icon: BellOff, act: () => void writer.send({ isSilent: true }) };
    const effect = { name: t('addEffect'), icon: Sparkles, act: () => void chooseEffect(place, (chosen) => (writer.effect.value = chosen)) };
    openMenu({ items: mayHaveEffect ? [silently, effect] : [silently], label: t('send'), place });
  });
  const { value: effect } = writer.effect;
  return (
    <>
      {effect && (
        <button class="round effect-chip emoji" type="button" aria-label={t('removeEffect', { emoji: effect.emoji })} title={t('removeEffect', { emoji: effect.emoji })} onClick={() => (writer.effect.value = undefined)}>
          {effect.emoji}
        </button>
      )}
      <button class="round send" type="button" aria-label={t('send')} disabled={writer.isEmpty.value && !isEdit} {...gestures} onClick={() => void writer.send()}>
        {isEdit ? <Check /> : <SendIcon />}
      </button>
    </>
  );
};

/** Where messages are written. */
export const Composer: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer, details: { chat, commands = [], hasMenuButton, sendAs } }) => {
  const open = useOpenChat();
  const place = useRef<HTMLDivElement>(null);
  const writer = useMemo(() => new Writer(open), [open]);
  const keys = useMemo(() => new OfferedKeysState(open), [open]);
  const showsCommands = useSignal(false);
  const isPanelOpen = useSignal(false);
  const panelButton = useRef<HTMLButtonElement>(null);
  const { rights, kind, isBot, isForum } = peerSignal(peer).value ?? {};
  const mayWrite = rights?.write ?? false;
  writer.onLink = () => void askForLink(writer.editor?.selectedLink).then((url) => url !== undefined && writer.editor?.link(url === '' ? undefined : url));
  const context = (): MessageContext => writer.context;
  const onSent = (): void => writer.noteSent();
  const sendKept = async (choice: KeptChoice): Promise<void> => {
    if (await attempt(ask('media.sendKept', { peer, ...context(), ...choice }))) onSent();
  };
  const sendSuggested = async (file: string): Promise<void> => {
    if (await attempt(ask('media.sendKept', { peer, ...context(), list: 'set', file }))) writer.noteResult();
  };
  const writing = open.writing.value;
  const isEdit = writing?.kind === 'edit';
  const offer = async (files: File[], asFile: boolean): Promise<void> => {
    const caption = open.writing.value?.kind === 'edit' ? undefined : writer.editor?.read();
    if (await offerFiles(peer, files, { asFile, context: context(), caption })) writer.noteFilesSent(caption);
  };
  useEffect(() => (place.current ? writer.start(place.current, (files) => void offer(files, false)) : undefined), [mayWrite, writer]);
  useEffect(() => writer.noteWriting(writing), [writing]);
  useEffect(() => {
    // The draft of a thread is kept on this device only.
    if (open.thread === undefined || isForum) void writer.noteDraft(chat?.draft);
  }, [chat?.draft, mayWrite]);
  useEffect(() => keys.openReply(), [keys.current.value, mayWrite]);
  useEffect(() => writer.editor?.setHint(keys.hint), [keys.hint, mayWrite]);

  if (!mayWrite) return <footer class="composer composer-closed">{t(kind === 'channel' ? 'cannotPost' : 'cannotWrite')}</footer>;
  return (
    <footer class="composer-place">
      <MentionList peer={peer} writer={writer} />
      <InlineList peer={peer} writer={writer} />
      <CommandList commands={commands} writer={writer} isMenu={showsCommands} />
      <StickerSuggestions emoji={isEdit || !maySendMedia(peer) ? undefined : writer.emoji.value} choose={(file) => void sendSuggested(file)} />
      <FormatBar writer={writer} />
      <WritingBar />
      <div class="composer">
        {isBot && commands.length > 0 && <CommandsButton isShown={showsCommands} hasName={hasMenuButton === true} />}
        {sendAs !== undefined && !isEdit && <SendAs peer={peer} current={sendAs} />}
        <Attach peer={peer} context={context} offer={offer} onSent={onSent} />
        <div class="editor-place" ref={place} />
        <BotKeysButton state={keys} />
        <PanelButton isOpen={isPanelOpen} button={panelButton} />
        {writer.isEmpty.value && !isEdit ? <RecordVoice peer={peer} context={context} onSent={onSent} /> : <SendButton writer={writer} isEdit={isEdit} mayHaveEffect={kind === 'user' && !isBot && peer !== session.value.me} />}
      </div>
      <PanelPlace
        isOpen={isPanelOpen}
        button={panelButton}
        focusField={() => writer.editor?.focus()}
        insert={(emoji, custom) => writer.editor?.insert(emoji, isOnPhone(), custom)}
        deleteBack={() => writer.editor?.deleteBack()}
        send={isEdit || !maySendMedia(peer) ? undefined : (choice) => void sendKept(choice)}
      />
      <BotKeys state={keys} />
    </footer>
  );
};
