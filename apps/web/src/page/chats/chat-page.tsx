import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Chat, GENERAL_TOPIC, type MessageId, type PeerId, type Position } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { Composer } from '../composer/composer.tsx';
import { History } from '../history/history.tsx';
import { isUnwritten } from '../history/rows.ts';
import { ChatContext, OpenChat } from '../open-chat/open-chat.ts';
import { searchedChat } from '../open-chat/searching.ts';
import { PinnedBar } from '../history/pinned-bar.tsx';
import { SelectionBar } from '../history/selection-bar.tsx';
import { nameOf } from '../parts/names.tsx';
import { themeStyle } from '../parts/theme-style.ts';
import { useView } from '../ground/use-view.ts';
import { ChatSearch } from '../search/chat-search.tsx';
import { ActionBar } from './action-bar.tsx';
import { ChatHeader } from './chat-header.tsx';
import { EmptyChat, type GroupStart, NothingYet, showsStranger } from './empty-chat.tsx';
import { EntryBar } from './entry-bar.tsx';
import type { AddedItems } from './header-menu.ts';
import { startParams } from '../ground/start-params.ts';
import { UnknownChat } from './unknown-chat.tsx';

/** A part of a chat that is shown alone. */
export interface OpenThread {
  /** The message with which it begins. */
  id: MessageId;
  name: string;
  /** What was read of it, and what was written and not sent. */
  chat?: Chat;
  /** Why nobody can write in it. */
  closed?: string;
  header(onSearch: () => void): ComponentChildren;
}

interface ChatPageProps {
  peer: PeerId;
  thread?: OpenThread;
  message?: Position;
  /** What stands between the header and the history. */
  tabs?: ComponentChildren;
  /** What the menu has beside what every chat has. */
  added?: AddedItems;
  groupStart?: GroupStart;
}

/** An open chat, or a thread of it. */
export const ChatPage: FunctionComponent<ChatPageProps> = ({ peer: id, thread, message, tabs, added, groupStart }) => {
  const all = useView('chat', { peer: id, topic: thread?.id }).state.value;
  // The draft of General is that of the group.
  const general = thread?.id === GENERAL_TOPIC ? all.chat?.draft : undefined;
  const details = thread ? { ...all, chat: thread.chat && { ...thread.chat, draft: thread.chat.draft ?? general } } : all;
  const history = useView('history', { peer: id, thread: thread?.id, message });
  const open = useMemo(() => new OpenChat(id, thread?.id), [id, thread?.id]);
  open.attach(history);
  const isSearching = searchedChat.value === id;
  useEffect(() => () => void (searchedChat.value = undefined), [id, thread?.id]);
  const isSelecting = open.selected.value !== undefined;
  const wasSelecting = useRef(false);
  useEffect(() => {
    // The button that ended the selection is gone.
    if (wasSelecting.current && !isSelecting && document.activeElement === document.body) open.focusComposer();
    wasSelecting.current = isSelecting;
  }, [isSelecting]);
  useEffect(() => {
    // Who opens a chat that is marked as unread has come back to it.
    if (all.chat?.isMarkedUnread) void ask('chats.setUnread', { peer: id, isUnread: false }).catch(() => undefined);
  }, [id, all.chat === undefined]);
  const stopSearching = (): void => {
    searchedChat.value = undefined;
    open.focusComposer();
  };
  const toggleSearch = (): void => void (searchedChat.value = isSearching ? undefined : id);
  const peer = peerSignal(id).value;
  const isOutside = peer !== undefined && peer.kind !== 'user' && peer.isMember === false;
  const { messages, hasOlder } = history.state.value;
  const hasLines = (messages ?? []).length > 0;
  const isStrangerCard = thread === undefined && hasOlder === false && isUnwritten(messages ?? []) && showsStranger(peer, details);
  const isToStart = peer?.isBot === true && peer.rights.write && (startParams.value.has(id) || (hasOlder === false && !hasLines));
  if (details.isUnknown && !peer) return <UnknownChat />;
  if (peer?.restriction !== undefined) {
    return (
      <main class="chat" aria-label={nameOf(peer)}>
        <ChatHeader peer={id} details={details} added={added} />
        <p class="empty">{peer.restriction}</p>
      </main>
    );
  }
  const foot = (): ComponentChildren => {
    if (isOutside || details.isBlocked || isToStart) return <EntryBar peer={id} isBlocked={details.isBlocked === true} isToStart={isToStart} />;
    if (thread?.closed !== undefined) return <footer class="composer composer-closed">{thread.closed}</footer>;
    return <Composer key={id} peer={id} details={details} />;
  };
  return (
    <ChatContext.Provider value={open}>
      <main class="chat" style={themeStyle(details.theme)} aria-label={thread ? thread.name : nameOf(peer)} onKeyDown={open.onKeyDown}>
        <div class="chat-head">
          {thread ? thread.header(toggleSearch) : <ChatHeader peer={id} details={details} added={added} onSearch={toggleSearch} />}
          {tabs}
          {isSearching && <ChatSearch onClose={stopSearching} />}
          {details.actionBar && !isStrangerCard && <ActionBar peer={id} bar={details.actionBar} />}
          {details.pinned && details.pinned.length > 0 && <PinnedBar pinned={details.pinned} />}
        </div>
        <History view={history} details={details}>
          {thread ? <NothingYet hasLines={hasLines} /> : <EmptyChat peer={id} details={details} groupStart={groupStart} hasLines={hasLines} />}
        </History>
        {isSelecting && <SelectionBar />}
        <div class="chat-foot" hidden={isSelecting}>
          {foot()}
        </div>
      </main>
    </ChatContext.Provider>
  );
};
