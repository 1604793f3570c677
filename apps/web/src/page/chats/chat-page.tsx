import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { MessageId, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { Composer } from '../composer/composer.tsx';
import { History } from '../history/history.tsx';
import { ChatContext, OpenChat } from '../history/open-chat.ts';
import { PinnedBar } from '../history/pinned-bar.tsx';
import { SelectionBar } from '../history/selection-bar.tsx';
import { nameOf } from '../parts/names.tsx';
import { useView } from '../parts/use-view.ts';
import { ChatSearch } from '../search/chat-search.tsx';
import { ActionBar } from './action-bar.tsx';
import { ChatHeader } from './chat-header.tsx';
import { EntryBar } from './entry-bar.tsx';
import { startParams } from './start-params.ts';
import { UnknownChat } from './unknown-chat.tsx';

/** An open chat. */
export const ChatPage: FunctionComponent<{ peer: PeerId; message?: MessageId }> = ({ peer: id, message }) => {
  const details = useView('chat', { peer: id }).state.value;
  const history = useView('history', { peer: id, message });
  const open = useMemo(() => new OpenChat(id), [id]);
  open.attach(history);
  const isSearching = useSignal(false);
  const isSelecting = open.selected.value !== undefined;
  const wasSelecting = useRef(false);
  useEffect(() => {
    // The button that ended the selection is gone.
    if (wasSelecting.current && !isSelecting && document.activeElement === document.body) open.focusComposer();
    wasSelecting.current = isSelecting;
  }, [isSelecting]);
  useEffect(() => {
    // Who opens a chat that is marked as unread has come back to it.
    if (details.chat?.isMarkedUnread) void ask('chats.setUnread', { peer: id, isUnread: false }).catch(() => undefined);
  }, [id, details.chat === undefined]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    if (open.selected.value) open.stopSelecting();
    else if (open.writing.value) open.stopWriting();
    else open.focusComposer();
  };
  const stopSearching = (): void => {
    isSearching.value = false;
    open.focusComposer();
  };
  const peer = peerSignal(id).value;
  const isOutside = peer !== undefined && peer.kind !== 'user' && peer.isMember === false;
  const { messages, hasOlder } = history.state.value;
  const isToStart = peer?.isBot === true && (startParams.value.has(id) || (hasOlder === false && (messages ?? []).length === 0));
  if (details.isUnknown && !peer) return <UnknownChat />;
  return (
    <ChatContext.Provider value={open}>
      <main class="chat" aria-label={nameOf(peer)} onKeyDown={onKeyDown}>
        <div class="chat-head">
          <ChatHeader peer={id} details={details} onSearch={() => (isSearching.value = !isSearching.value)} />
          {isSearching.value && <ChatSearch onClose={stopSearching} />}
          {details.actionBar && <ActionBar peer={id} bar={details.actionBar} />}
          {details.pinned && details.pinned.length > 0 && <PinnedBar pinned={details.pinned} />}
        </div>
        <History view={history} details={details} />
        {isSelecting && <SelectionBar />}
        <div class="chat-foot" hidden={isSelecting}>
          {isOutside || details.isBlocked || isToStart ? <EntryBar peer={id} isBlocked={details.isBlocked === true} isToStart={isToStart} /> : <Composer key={id} peer={id} details={details} />}
        </div>
      </main>
    </ChatContext.Provider>
  );
};
