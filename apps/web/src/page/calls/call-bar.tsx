import type { FunctionComponent } from 'preact';
import Mic from 'lucide-static/icons/mic.svg';
import MicOff from 'lucide-static/icons/mic-off.svg';
import Phone from 'lucide-static/icons/phone.svg';
import PhoneOff from 'lucide-static/icons/phone-off.svg';
import { openCall } from '../ground/calls.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { CallTime } from './call-time.tsx';
import { ownCall } from './own-call.ts';
import { showCall } from './start-call.ts';

/** Says that a call goes on, wherever else in the client one is. In other tabs it can only be ended. */
export const CallBar: FunctionComponent = () => {
  const { call } = openCall.value;
  if (!call || (call.stage === 'ringing' && !call.isOut)) return null;
  const own = ownCall.value?.id === call.id ? ownCall.value : undefined;
  const at = route.value;
  if (own && at.page === 'call') return null;
  const name = nameOf(peerSignal(call.peer).value);
  const text = t(call.stage === 'talking' ? 'inCallWith' : 'callingName', { name });
  const isMuted = own?.isMuted.value === true;
  return (
    <section class="call-bar" aria-label={text}>
      {own ? (
        <button class="call-bar-text" type="button" aria-label={t('showCall', { name })} onClick={() => showCall(call.peer)}>
          <Phone />
          <bdi>{text}</bdi>
        </button>
      ) : (
        <span class="call-bar-text">
          <Phone />
          <bdi>{`${text}, ${t('inOtherTab')}`}</bdi>
        </span>
      )}
      <span class="call-bar-time">
        <CallTime call={call} phase={own?.talk.value.phase} />
      </span>
      {own && (
        <button class="call-bar-button" type="button" aria-label={t(isMuted ? 'unmuteMicrophone' : 'muteMicrophone')} onClick={() => own.toggleMute()}>
          {isMuted ? <MicOff /> : <Mic />}
        </button>
      )}
      <button class="call-bar-button is-hang" type="button" aria-label={t('hangUp')} onClick={() => (own ? own.hangUp() : void attempt(ask('calls.end', { call: call.id })))}>
        <PhoneOff />
      </button>
    </section>
  );
};
