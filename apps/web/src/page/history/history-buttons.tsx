import type { ComponentType, FunctionComponent } from 'preact';
import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import AtSign from 'lucide-static/icons/at-sign.svg';
import Heart from 'lucide-static/icons/heart.svg';
import Vote from 'lucide-static/icons/vote.svg';
import type { Chat, UnseenKind } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { ask } from '../ground/link.ts';
import { openMenu, type MenuPlace } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { attempt } from '../parts/notice.tsx';
import { formatCount, t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';

const NEXT = { mentions: 'nextMention', reactions: 'nextReaction', votes: 'nextVote' } as const satisfies Record<UnseenKind, TextKey>;

const Unseen: FunctionComponent<{ kind: UnseenKind; count: number; icon: ComponentType }> = ({ kind, count, icon: Icon }) => {
  const open = useOpenChat();
  const showMenu = (place: MenuPlace): void =>
    openMenu({ items: [{ name: t('markAllSeen'), act: () => void attempt(ask('history.seeAll', { peer: open.peer, thread: open.thread, kind })) }], label: t('more'), place });
  const gestures = useMenuGestures(showMenu);
  return (
    <button class="round" type="button" aria-label={t(NEXT[kind])} {...gestures} onClick={() => void open.jumpToUnseen(kind)}>
      <Icon />
      <span class="badge">{formatCount(count)}</span>
    </button>
  );
};

/** The buttons that lead to what was not seen yet. */
export const HistoryButtons: FunctionComponent<{ chat?: Chat; isAtEnd: boolean; onDown(): void }> = ({ chat, isAtEnd, onDown }) => (
  <div class="history-buttons">
    {chat && (chat.votes ?? 0) > 0 && <Unseen kind="votes" count={chat.votes!} icon={Vote} />}
    {chat && (chat.reactions ?? 0) > 0 && <Unseen kind="reactions" count={chat.reactions!} icon={Heart} />}
    {chat && chat.mentions > 0 && <Unseen kind="mentions" count={chat.mentions} icon={AtSign} />}
    {!isAtEnd && (
      <button class="round" type="button" aria-label={t('scrollToBottom')} onClick={onDown}>
        <ArrowDown />
        {chat && chat.unread > 0 && <span class="badge">{formatCount(chat.unread)}</span>}
      </button>
    )}
  </div>
);
