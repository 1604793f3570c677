import type { FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import MoreIcon from 'lucide-static/icons/ellipsis-vertical.svg';
import SearchIcon from 'lucide-static/icons/search.svg';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { sideList } from '../ground/side.ts';
import { Avatar } from '../parts/avatar.tsx';
import { openMenu } from '../parts/menu.tsx';
import { NameMark, nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';
import { t } from '../ground/text.ts';
import { describeTyping } from '../parts/typing.ts';
import { type AddedItems, headerMenu } from './header-menu.ts';
import { CallButtons } from './call-buttons.tsx';
import { InfoButton, toggleInfo } from './info-button.tsx';

interface ChatHeaderProps {
  peer: PeerId;
  details: Partial<ChatView>;
  /** What the menu has beside what every chat has. */
  added?: AddedItems;
  onSearch?(): void;
}

/** Title and state of an open chat. */
export const ChatHeader: FunctionComponent<ChatHeaderProps> = ({ peer: id, details, added, onSearch }) => {
  const peer = peerSignal(id).value;
  const isTyping = details.typing !== undefined && details.typing.length > 0;
  return (
    <header class="bar chat-header">
      <a class="round back" href={sideList.value === 'archive' ? '#/archive' : '#/'} aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <button class="chat-header-face" type="button" tabIndex={-1} aria-hidden="true" onClick={toggleInfo}>
        <Avatar peer={id} size="middle" />
      </button>
      <div class="chat-header-names">
        <h1>
          <bdi>{nameOf(peer)}</bdi>
          <NameMark of={peer} />
        </h1>
        <p class={isTyping ? 'typing' : undefined}>{isTyping ? describeTyping(details.typing!, peer) : describePeer(peer, details.online)}</p>
      </div>
      <CallButtons peer={id} calls={details.calls} />
      {onSearch && (
        <button class="round" type="button" aria-label={t('searchInChat')} onClick={onSearch}>
          <SearchIcon />
        </button>
      )}
      <InfoButton />
      <button class="round" type="button" aria-label={t('more')} aria-haspopup="menu" onClick={({ currentTarget }) => openMenu({ items: headerMenu({ id, peer, details, added }), label: t('more'), place: currentTarget })}>
        <MoreIcon />
      </button>
    </header>
  );
};
