import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Mic from 'lucide-static/icons/mic.svg';
import SendIcon from 'lucide-static/icons/send-horizontal.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import type { MessageContext, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { stopPlaying } from '../media/player.ts';
import { formatSeconds } from '../parts/dates.ts';
import { attempt, notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { maySendMedia, noMediaText } from './offer-files.tsx';
import { VoiceRecorder } from './voice-recorder.ts';

/** Others are told at most this often that somebody is recording, in milliseconds. */
const TELL_MS = 4000;

/** Says why there is no recording. */
function explain(error: unknown): string {
  if (!(error instanceof DOMException)) return t('errorInternal');
  return t(error.name === 'NotFoundError' ? 'microphoneMissing' : 'microphoneRefused');
}

export interface RecordVoiceProps {
  peer: PeerId;
  /** What a voice message that is sent now answers. */
  context?(): MessageContext;
  /** It is on its way. */
  onSent?(): void;
}

/** The button that records a voice message; what it shows while it does covers the composer. */
export const RecordVoice: FunctionComponent<RecordVoiceProps> = ({ peer, context, onSent }) => {
  const recorder = useSignal<VoiceRecorder | undefined>(undefined);
  const running = useRef<VoiceRecorder | undefined>(undefined);
  running.current = recorder.value;
  useEffect(() => () => void running.current?.cancel(), []);
  const isRecording = recorder.value !== undefined;
  useEffect(() => {
    if (!isRecording) return undefined;
    const tell = (now: boolean): void => void ask('media.setRecording', { peer, isRecording: now }).catch(() => undefined);
    tell(true);
    const timer = setInterval(() => tell(true), TELL_MS);
    return () => {
      clearInterval(timer);
      tell(false);
    };
  }, [isRecording]);

  const { kind, terms } = peerSignal(peer).value ?? {};
  const isAllowed = maySendMedia(peer);
  const start = async (): Promise<void> => {
    if (!isAllowed) return notify(noMediaText(peer));
    if (terms?.noVoice) return notify(t('noVoice'));
    if (!isSecureContext || !navigator.mediaDevices) return notify(t('microphoneInsecure'));
    stopPlaying();
    try {
      recorder.value = await VoiceRecorder.start();
    } catch (error) {
      notify(explain(error));
    }
  };
  const cancel = (): void => {
    void recorder.value?.cancel();
    recorder.value = undefined;
  };
  const finish = async (): Promise<void> => {
    const finished = recorder.value;
    recorder.value = undefined;
    const voice = await finished?.finish();
    if (voice && (await attempt(ask('messages.send', { peer, text: '', entities: [], ...context?.(), files: [voice] })))) onSent?.();
  };
  return recorder.value ? (
    <Recording recorder={recorder.value} cancel={cancel} finish={() => void finish()} />
  ) : (
    <button class="round" type="button" aria-label={t('recordVoice')} disabled={!isAllowed && kind !== 'user'} onClick={() => void start()}>
      <Mic />
    </button>
  );
};

const Recording: FunctionComponent<{ recorder: VoiceRecorder; cancel(): void; finish(): void }> = ({ recorder, cancel, finish }) => {
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus(), []);
  return (
    <div class="recording" role="group" aria-label={t('recordingNow')} onKeyDown={({ key }) => key === 'Escape' && cancel()}>
      <button class="round" type="button" aria-label={t('cancelRecording')} onClick={cancel}>
        <Trash />
      </button>
      <span class="recording-sign" />
      <time role="timer">{formatSeconds(recorder.seconds.value)}</time>
      <span class="recording-level" style={{ '--level': recorder.level.value.toFixed(2) }} />
      <button ref={stop} class="round send" type="button" aria-label={t('stopRecording')} onClick={finish}>
        <SendIcon />
      </button>
    </div>
  );
};
