import type { FunctionComponent } from 'preact';
import Phone from 'lucide-static/icons/phone.svg';
import Video from 'lucide-static/icons/video.svg';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { callPerson, mayCall } from '../ground/calls.ts';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';

/** The buttons that call the person of a private chat, if they take calls. On a phone, the second one stands in the information alone. */
export const CallButtons: FunctionComponent<{ peer: PeerId; calls: ChatView['calls'] }> = ({ peer, calls }) => {
  if (!mayCall(peerSignal(peer).value, calls)) return null;
  return (
    <>
      <button class="round" type="button" aria-label={t('call')} onClick={() => callPerson(peer, false)}>
        <Phone />
      </button>
      {calls?.hasVideo && (
        <button class="round wide-only" type="button" aria-label={t('videoCall')} onClick={() => callPerson(peer, true)}>
          <Video />
        </button>
      )}
    </>
  );
};
