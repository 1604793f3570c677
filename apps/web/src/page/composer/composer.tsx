import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import SendIcon from 'lucide-static/icons/send-horizontal.svg';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { t } from '../parts/text.ts';
import { Attach } from './attach.tsx';
import { Editor } from './editor.ts';
import { offerFiles } from './offer-files.tsx';
import { RecordVoice } from './record-voice.tsx';

/** Other people are told that somebody is typing at most this often, in milliseconds. */
const TYPING_MS = 4000;

/** Where messages are written. */
export const Composer: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const isEmpty = useSignal(true);
  const toldTyping = useRef(0);

  const send = (): void => {
    const written = editor.current?.read();
    if (!written || written.text === '') return;
    editor.current!.write({ text: '', entities: [] });
    isEmpty.value = true;
    void ask('messages.send', { peer, ...written });
  };
  const onChange = (): void => {
    isEmpty.value = editor.current?.isEmpty ?? true;
    if (isEmpty.value || Date.now() - toldTyping.current < TYPING_MS) return;
    toldTyping.current = Date.now();
    void ask('messages.setTyping', { peer, isTyping: true }).catch(() => undefined);
  };

  const { rights } = peerSignal(peer).value ?? {};
  const mayWrite = rights?.write ?? false;
  useEffect(() => {
    if (!place.current) return undefined;
    const created = new Editor({ place: place.current, label: t('message'), start: { text: '', entities: [] }, onChange, onSend: send, onFiles: (files) => void offerFiles(peer, files) });
    editor.current = created;
    if (matchMedia('(hover: hover)').matches) created.focus();
    return () => {
      created.destroy();
      editor.current = undefined;
    };
  }, [mayWrite]);

  if (!mayWrite) return <footer class="composer composer-closed">{t(peerSignal(peer).value?.kind === 'channel' ? 'cannotPost' : 'cannotWrite')}</footer>;
  return (
    <footer class="composer">
      <Attach peer={peer} />
      <div class="editor-place" ref={place} />
      {isEmpty.value && <RecordVoice peer={peer} />}
      <button class="round send" type="button" aria-label={t('send')} disabled={isEmpty.value} onClick={send}>
        <SendIcon />
      </button>
    </footer>
  );
};
