import type { FunctionComponent } from 'preact';
import BellOff from 'lucide-static/icons/bell-off.svg';
import BotIcon from 'lucide-static/icons/bot.svg';
import Check from 'lucide-static/icons/check.svg';
import CheckCheck from 'lucide-static/icons/check-check.svg';
import Clock from 'lucide-static/icons/clock.svg';
import Pin from 'lucide-static/icons/pin.svg';
import type { ChatItem, ListName, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatShort } from '../parts/dates.ts';
import { openMenu } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { authorName, NameMark, nameOf } from '../parts/names.tsx';
import { OnlyRead } from '../parts/only-read.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { describeTyping } from '../parts/typing.ts';
import { UnseenBadges, UnseenWords } from '../parts/unseen.tsx';
import { chatMenu } from './chat-menu.ts';

/** Whether the newest message was sent from here, and how far it came. */
const OwnState: FunctionComponent<{ item: ChatItem }> = ({ item: { chat, top } }) => {
  if (!top?.isOut || top.service || peerSignal(chat.peer).value?.isSelf) return null;
  if (top.state) return <Clock />;
  return top.id <= chat.readOutboxId ? <CheckCheck /> : <Check />;
};

const Preview: FunctionComponent<{ item: ChatItem; isOpen: boolean }> = ({ item: { chat, top, typing }, isOpen }) => {
  const peer = peerSignal(chat.peer).value;
  if (peer?.restriction !== undefined) return <>{peer.restriction}</>;
  if (typing) return <span class="typing">{describeTyping(typing, peer)}</span>;
  // The text field shows the draft of the open chat.
  if (chat.draft && !isOpen) {
    return (
      <>
        <span class="draft">{t('draft')}</span> {chat.draft.text}
      </>
    );
  }
  if (!top) return null;
  const showsAuthor = !top.service && (peer?.kind === 'group' || peer?.kind === 'supergroup' || (top.isOut && peer?.isSelf !== true)) && peer?.id !== top.from;
  return (
    <>
      {showsAuthor && <span class="author">{authorName(top.from)}: </span>}
      {describeSnippet(top)}
    </>
  );
};

/** One chat in the list. Its name for screen readers is what it shows, so it begins with the title and ends with what is unread. */
export const ChatRow: FunctionComponent<{ item: ChatItem; isOpen: boolean; hasTabStop: boolean; list: ListName; pins: PeerId[] }> = ({ item, isOpen, hasTabStop, list, pins }) => {
  const { chat, isMuted } = item;
  const peer = peerSignal(chat.peer).value;
  const name = nameOf(peer);
  const unread = chat.unread > 0 ? t('unread', { n: chat.unread }) : chat.isMarkedUnread ? t('unread', { n: 1 }) : undefined;
  const gestures = useMenuGestures((place) => openMenu({ items: chatMenu({ chat, peer, list, pins }), label: t('more'), place }));
  return (
    <a class="chat-row" href={chatAddress(chat.peer)} {...gestures} tabIndex={hasTabStop ? 0 : -1} draggable={false} aria-current={isOpen ? 'page' : undefined}>
      <Avatar peer={chat.peer} />
      <span class="chat-row-title">
        <bdi>{name}</bdi>
        <NameMark of={peer} />
        {peer?.isBot && (
          <>
            <BotIcon />
            <OnlyRead>, {t('bot')}</OnlyRead>
          </>
        )}
        {chat.pinned !== undefined && <OnlyRead>, {t('pinnedChat')}</OnlyRead>}
        {isMuted && (
          <>
            <BellOff />
            <OnlyRead>, {t('muted')}</OnlyRead>
          </>
        )}
      </span>
      <span class="chat-row-date">
        <OwnState item={item} />
        {chat.date > 0 && formatShort(chat.date)}
      </span>
      <span class="chat-row-text" dir="auto">
        <Preview item={item} isOpen={isOpen} />
        <UnseenWords of={chat} />
        {unread !== undefined && <OnlyRead>, {unread}</OnlyRead>}
      </span>
      <span class="chat-row-marks" aria-hidden="true">
        <UnseenBadges of={chat} />
        {unread !== undefined ? <span class={`badge${isMuted ? ' badge-muted' : ''}`}>{chat.unread > 0 ? chat.unread : ''}</span> : chat.pinned !== undefined && <Pin />}
      </span>
    </a>
  );
};
