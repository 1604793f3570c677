import type { ComponentChildren, FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { NameMark, nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';

/** One line of what was found. */
export const ResultRow: FunctionComponent<{ peer: PeerId; message?: number; date?: string; onOpen?(): void; children: ComponentChildren }> = ({ peer, message, date, onOpen, children }) => {
  const shown = peerSignal(peer).value;
  return (
    <a class="chat-row" href={chatAddress(peer, message)} onClick={onOpen}>
      <Avatar peer={peer} />
      <span class="chat-row-title">
        <bdi>{nameOf(shown)}</bdi>
        <NameMark of={shown} />
      </span>
      <span class="chat-row-date">{date}</span>
      <span class="chat-row-text" dir="auto">
        {children}
      </span>
    </a>
  );
};

/** Somebody, a group or a channel that was found. */
export const PeerResult: FunctionComponent<{ peer: PeerId; onOpen(): void }> = ({ peer: id, onOpen }) => {
  const peer = peerSignal(id).value;
  const names = peer?.usernames[0] === undefined ? [] : [`@${peer.usernames[0]}`];
  const text = [...names, ...(peer?.kind === 'user' && names.length > 0 ? [] : [describePeer(peer)])].filter(Boolean).join(', ');
  return (
    <ResultRow
      peer={id}
      onOpen={() => {
        void ask('search.noteRecent', { peer: id });
        onOpen();
      }}
    >
      {text}
    </ResultRow>
  );
};

/** What stands in place of results. */
export const NothingFound: FunctionComponent = () => (
  <div class="empty">
    <p>{t('nothingFound')}</p>
    <p class="hint">{t('nothingFoundText')}</p>
  </div>
);

/** Names the results that begin with this one. */
export const ResultHeading: FunctionComponent<{ children: ComponentChildren }> = ({ children }) => <h2 class="section-title">{children}</h2>;
