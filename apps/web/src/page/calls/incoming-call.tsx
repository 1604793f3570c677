import type { FunctionComponent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import MessageCircle from 'lucide-static/icons/message-circle.svg';
import Phone from 'lucide-static/icons/phone.svg';
import PhoneOff from 'lucide-static/icons/phone-off.svg';
import Video from 'lucide-static/icons/video.svg';
import type { OpenCall } from '../../protocol/index.ts';
import { heardCall, openCall } from '../ground/calls.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { notificationState } from '../notices/alerts.ts';
import { soundIsOn } from '../notices/sound.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Name, nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { answerCall } from './start-call.ts';
import { playTone } from './tones.ts';
import { whatIsMissing } from './what-is-missing.tsx';

/** Shows a notification of a call while nobody looks at this window. @returns what takes it back */
function showNotice(title: string): () => void {
  if (notificationState.value !== 'granted' || document.hasFocus()) return () => undefined;
  try {
    const notification = new Notification(title, { tag: 'aerogram-call', requireInteraction: true, silent: true });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return () => notification.close();
  } catch {
    // Some browsers of phones have the class and allow nobody to use it.
    return () => undefined;
  }
}

/** Keeps an element above everything, also above a dialog, outside of which nothing can be pressed. */
function useOnTop(element: { current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const { current } = element;
    const home = current?.parentElement;
    if (!current || !home) return undefined;
    let host: Element | null = null;
    const place = (): void => {
      host?.removeEventListener('close', place);
      host = document.querySelector('dialog[open]');
      (host ?? home).append(current);
      host?.addEventListener('close', place);
      current.showPopover?.();
    };
    place();
    return () => {
      host?.removeEventListener('close', place);
      // Whoever has drawn it takes it away from there.
      if (current.parentElement !== home) home.append(current);
    };
  }, []);
}

const Card: FunctionComponent<{ call: OpenCall }> = ({ call }) => {
  const card = useRef<HTMLElement>(null);
  useOnTop(card);
  const name = nameOf(peerSignal(call.peer).value);
  const words = t(call.isVideo ? 'ringingVideo' : 'ringing', { name });
  const isHeard = heardCall.value === call.id;
  useEffect(() => {
    if (!isHeard) return undefined;
    const close = showNotice(words);
    const stop = soundIsOn.value ? playTone('ring') : undefined;
    return () => {
      stop?.();
      close();
    };
  }, [isHeard, words]);
  const missing = whatIsMissing();
  const { me } = session.value;
  const own = me === undefined ? undefined : peerSignal(me).value;
  const Kind = call.isVideo ? Video : Phone;
  const decline = (): void => void attempt(ask('calls.end', { call: call.id }));
  const reply = (): void => {
    decline();
    go(chatAddress(call.peer));
  };
  return (
    <section ref={card} class="call-in" popover="manual" role="alertdialog" aria-label={t('incomingCall')} aria-describedby="call-in-words">
      <div class="call-in-who">
        <div class="call-halo">
          <Avatar peer={call.peer} size="large" />
        </div>
        <div>
          <h2>
            <Name peer={call.peer} />
          </h2>
          <p>
            <Kind />
            <span class="wide-only">{t(call.isVideo ? 'videoCall' : 'incomingAudio')}</span>
            <span class="narrow-only">{t(call.isVideo ? 'incomingVideoTo' : 'incomingTo', { name: own?.name ?? '' })}</span>
          </p>
        </div>
      </div>
      <p id="call-in-words" class="read-aloud" role="alert">
        {words}
      </p>
      {missing && <p class="call-in-missing">{t(missing)}</p>}
      <div class="call-in-buttons">
        <button class="call-in-decline" type="button" onClick={decline}>
          <span>
            <PhoneOff />
          </span>
          {t('declineCall')}
        </button>
        {!missing && (
          <button class="call-in-answer" type="button" onClick={() => void answerCall(call)}>
            <span>
              <Kind />
            </span>
            {t('answerCall')}
          </button>
        )}
      </div>
      <div class="call-in-chips">
        {call.isVideo && !missing && (
          <button type="button" onClick={() => void answerCall(call, false)}>
            <span>
              <Phone />
            </span>
            {t('withoutVideo')}
          </button>
        )}
        <button type="button" onClick={reply}>
          <span>
            <MessageCircle />
          </span>
          {t('replyByMessage')}
        </button>
      </div>
    </section>
  );
};

/** A call that rings, in every tab. */
export const IncomingCall: FunctionComponent = () => {
  const { call } = openCall.value;
  return call?.stage === 'ringing' && !call.isOut ? <Card key={call.id} call={call} /> : null;
};
