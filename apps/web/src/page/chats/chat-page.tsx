import type { FunctionComponent } from 'preact';
import type { MessageId, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../app/link.ts';
import { Composer } from '../composer/composer.tsx';
import { History } from '../history/history.tsx';
import { nameOf } from '../parts/names.tsx';
import { useView } from '../parts/use-view.ts';
import { ChatHeader } from './chat-header.tsx';

/** An open chat. */
export const ChatPage: FunctionComponent<{ peer: PeerId; message?: MessageId }> = ({ peer, message }) => {
  const view = useView('chat', { peer });
  return (
    <main class="chat" aria-label={nameOf(peerSignal(peer).value)}>
      <ChatHeader peer={peer} details={view.state.value} />
      <History peer={peer} message={message} chat={view.state.value.chat} />
      <Composer peer={peer} />
    </main>
  );
};
