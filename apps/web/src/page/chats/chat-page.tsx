import type { FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { MessageId, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../app/link.ts';
import { Composer } from '../composer/composer.tsx';
import { History } from '../history/history.tsx';
import { ChatContext, OpenChat } from '../history/open-chat.ts';
import { PinnedBar } from '../history/pinned-bar.tsx';
import { SelectionBar } from '../history/selection-bar.tsx';
import { nameOf } from '../parts/names.tsx';
import { useView } from '../parts/use-view.ts';
import { ChatHeader } from './chat-header.tsx';

/** An open chat. */
export const ChatPage: FunctionComponent<{ peer: PeerId; message?: MessageId }> = ({ peer, message }) => {
  const details = useView('chat', { peer }).state.value;
  const history = useView('history', { peer, message });
  const open = useMemo(() => new OpenChat(peer), [peer]);
  open.attach(history);
  const isSelecting = open.selected.value !== undefined;
  const wasSelecting = useRef(false);
  useEffect(() => {
    // The button that ended the selection is gone.
    if (wasSelecting.current && !isSelecting && document.activeElement === document.body) open.focusComposer();
    wasSelecting.current = isSelecting;
  }, [isSelecting]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    if (open.selected.value) open.stopSelecting();
    else if (open.writing.value) open.stopWriting();
    else open.focusComposer();
  };
  return (
    <ChatContext.Provider value={open}>
      <main class="chat" aria-label={nameOf(peerSignal(peer).value)} onKeyDown={onKeyDown}>
        <div class="chat-head">
          <ChatHeader peer={peer} details={details} />
          {details.pinned && details.pinned.length > 0 && <PinnedBar pinned={details.pinned} />}
        </div>
        <History view={history} chat={details.chat} />
        {isSelecting && <SelectionBar />}
        <div class="chat-foot" hidden={isSelecting}>
          <Composer key={peer} peer={peer} chat={details.chat} />
        </div>
      </main>
    </ChatContext.Provider>
  );
};
