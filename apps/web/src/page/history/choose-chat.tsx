import type { ComponentChildren, FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { NameMark, nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { useFoundPeers } from '../people/use-found-peers.ts';
import { joinLists } from './offered-order.ts';

/** Where the account may send. */
export const mayWrite = (id: PeerId): boolean => {
  const peer = peerSignal(id).value;
  return peer?.rights.write === true && (peer.kind === 'user' || peer.isMember === true);
};

/** What a chat is called here. The page may not know the account itself yet. */
export const chatName = (id: PeerId): string => (id === session.value.me ? t('savedMessages') : nameOf(peerSignal(id).value));

/** Avatar, name and a line about a chat. */
export const ChatFace: FunctionComponent<{ peer: PeerId }> = ({ peer }) => (
  <>
    <Avatar peer={peer} />
    <span class="choice-text">
      <strong>
        <bdi>{chatName(peer)}</bdi>
        <NameMark of={peerSignal(peer).value} />
      </strong>
      <small>{describePeer(peerSignal(peer).value)}</small>
    </span>
  </>
);

interface OfferedChatsProps {
  query: Signal<string>;
  isOffered(peer: PeerId): boolean;
  draw(peer: PeerId): ComponentChildren;
}

/** Chats to choose from, Saved Messages first, with a search. */
export const OfferedChats: FunctionComponent<OfferedChatsProps> = ({ query, isOffered, draw }) => {
  const main = useView('chats', { list: 'main' });
  const archive = useView('chats', { list: 'archive' });
  const text = query.value.trim();
  const found = useFoundPeers(text);
  const { me } = session.value;
  const offered = text === '' ? joinLists(me, ...[main, archive].map((view) => view.state.value.order ?? [])) : (found ?? []);
  const shown = offered.filter(isOffered);
  return (
    <>
      <SearchBox label={t('searchChats')} query={query} autofocus />
      <ul class="choices" aria-label={t('chats')} aria-busy={text !== '' && found === undefined}>
        {shown.map((peer) => (
          <li key={peer}>{draw(peer)}</li>
        ))}
      </ul>
      {shown.length === 0 && (text === '' || found !== undefined) && <p class="empty">{t('nothingFound')}</p>}
    </>
  );
};

const ChooseChat: FunctionComponent<{ title: string; isOffered(peer: PeerId): boolean; close(peer?: PeerId): void }> = ({ title, isOffered, close }) => (
  <Dialog title={title} onClose={() => close()} className="choose-chat">
    <OfferedChats
      query={useSignal('')}
      isOffered={isOffered}
      draw={(peer) => (
        <button type="button" onClick={() => close(peer)}>
          <ChatFace peer={peer} />
        </button>
      )}
    />
  </Dialog>
);

/** Lets the person choose a chat. @param isOffered which are offered; by default those in which the account may write */
export const chooseChat = (title: string, isOffered: (peer: PeerId) => boolean = mayWrite): Promise<PeerId | undefined> =>
  openDialog<PeerId>((close) => <ChooseChat title={title} isOffered={isOffered} close={close} />);
