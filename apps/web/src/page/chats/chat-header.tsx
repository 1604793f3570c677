import type { FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../app/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';
import { t } from '../parts/text.ts';
import { describeTyping } from '../parts/typing.ts';

/** Title and state of an open chat. */
export const ChatHeader: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer: id, details }) => {
  const peer = peerSignal(id).value;
  const isTyping = details.typing !== undefined && details.typing.length > 0;
  return (
    <header class="bar chat-header">
      <a class="round back" href="#/" aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <Avatar peer={id} />
      <div class="chat-header-names">
        <h1>
          <bdi>{nameOf(peer)}</bdi>
        </h1>
        <p class={isTyping ? 'typing' : undefined}>{isTyping ? describeTyping(details.typing!, peer) : describePeer(peer, details.online)}</p>
      </div>
    </header>
  );
};
