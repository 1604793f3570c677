import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import MoreIcon from 'lucide-static/icons/ellipsis-vertical.svg';
import Smile from 'lucide-static/icons/smile.svg';
import type { Chat, Snippet } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatTime, nowSeconds } from '../parts/dates.ts';
import { openMenu, type MenuOptions, type MenuPlace } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { allowedOn } from '../open-chat/allowed.ts';
import { Bubble } from './bubble.tsx';
import { askToDelete } from './delete-messages.ts';
import { messageMenu } from './message-menu.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { offeredReactions } from '../reactions/offered-reactions.ts';
import { QuickReactions } from '../reactions/quick-reactions.tsx';
import { react } from '../reactions/reactions.tsx';
import type { MessagesRow } from './rows.ts';
import { isOnOwnSide } from './side-of.ts';

export interface MessageRowProps {
  row: MessagesRow;
  /** It has just come. */
  isNew: boolean;
  replied: Record<string, Snippet | undefined>;
  chat?: Chat;
  /** The one message that the key Tab reaches. */
  isCurrent: boolean;
  onFocus(): void;
}

/** What a double click is meant for, if not for the message itself. */
const PRESSED = 'a, button, img, video, audio, input, label, [role="button"], [role="link"]';

/** One message, or one album. */
export const MessageRow: FunctionComponent<MessageRowProps> = ({ row, isNew, replied, chat, isCurrent, onFocus }) => {
  const open = useOpenChat();
  const text = useRef<HTMLDivElement>(null);
  const { messages, isFirst, isLast } = row;
  const first = messages[0]!;
  const peer = peerSignal(first.peer).value;
  const isGroup = peer?.kind === 'group' || peer?.kind === 'supergroup';
  const isOwn = isOnOwnSide(first, session.value.me);
  const name = isOwn ? t('you') : nameOf(peerSignal(first.from).value);
  const side = isOwn ? 'out' : 'in';
  const { selected } = open;
  const isSelected = selected.value?.has(open.positionOf(first)) === true;
  const mayBeSelected = first.id !== 0;

  const reactionsAbove = (): MenuOptions['above'] => (first.id !== 0 && allowedOn(first, peer, nowSeconds()).react ? (close) => <QuickReactions message={first} close={close} /> : undefined);
  const showMenu = (place: MenuPlace): void => {
    const items = messageMenu({ open, messages, text: text.current });
    // Opened by the keyboard, the menu would stand at the whole row, which is wider than the bubble.
    const bubble = place instanceof HTMLElement ? place.querySelector<HTMLElement>('.bubble') : null;
    if (items.length > 0) openMenu({ items, label: t('messageActions'), place: bubble ?? place, above: reactionsAbove() });
  };
  const gestures = useMenuGestures(showMenu);
  const onKeyDown: typeof gestures.onKeyDown = (event) => {
    gestures.onKeyDown?.(event);
    if (event.defaultPrevented || event.target !== event.currentTarget) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (selected.value === undefined) showMenu(event.currentTarget);
      else if (mayBeSelected) open.toggle(messages);
    } else if (event.key === 'Delete' && allowedOn(first, peer, nowSeconds()).delete) void askToDelete(messages);
  };
  const onClickCapture: typeof gestures.onClickCapture = (event) => {
    gestures.onClickCapture?.(event);
    if (event.defaultPrevented || selected.value === undefined || !mayBeSelected) return;
    if (event.target instanceof HTMLInputElement && event.target.type === 'checkbox') return;
    event.preventDefault();
    event.stopPropagation();
    open.toggle(messages);
  };
  const onDblClick = async (target: EventTarget | null): Promise<void> => {
    if (!(target instanceof Element) || target.closest(PRESSED) || selected.value !== undefined || !allowedOn(first, peer, nowSeconds()).react) return;
    getSelection()?.removeAllRanges();
    const choice = await ask('reactions.list', undefined).catch(() => undefined);
    if (choice && offeredReactions(choice, peer, first).includes(choice.standard)) await react(first, choice.standard);
  };

  const classes = ['message', `message-${side}`, isNew && 'is-new', isFirst && 'is-first', isLast && 'is-last', isSelected && 'is-selected', first.id !== 0 && messages.some((message) => open.positionOf(message) === open.found.value) && 'is-found'];
  return (
    <article
      class={classes.filter((each) => each !== false).join(' ')}
      aria-label={`${name}, ${formatTime(first.date)}`}
      tabIndex={isCurrent ? 0 : -1}
      data-key={row.key}
      {...gestures}
      onKeyDown={onKeyDown}
      onClickCapture={onClickCapture}
      onDblClick={({ target }) => void onDblClick(target)}
      onFocusCapture={onFocus}
    >
      {selected.value !== undefined && (
        <input class="select-box" type="checkbox" aria-label={t('selectMessage')} checked={isSelected} disabled={!mayBeSelected} tabIndex={-1} onChange={() => open.toggle(messages)} />
      )}
      {isGroup && !first.isOut && (
        <span class="message-avatar">
          {isLast && (
            <a href={chatAddress(first.from)} tabIndex={-1} aria-hidden="true">
              <Avatar peer={first.from} size="small" />
            </a>
          )}
        </span>
      )}
      <Bubble messages={messages} isFirst={isFirst} replied={replied} chat={chat} isNew={isNew} text={text} />
      {reactionsAbove() && (
        <button
          class="round message-react"
          type="button"
          aria-label={t('react')}
          tabIndex={-1}
          onClick={({ currentTarget }) => openMenu({ items: [], label: t('reactions'), place: currentTarget, above: reactionsAbove() })}
        >
          <Smile />
        </button>
      )}
      <button
        class="round message-actions"
        type="button"
        aria-label={t('messageActions')}
        aria-haspopup="menu"
        tabIndex={isCurrent ? 0 : -1}
        // What is selected in the text stays selected, to be quoted.
        onMouseDown={(event) => event.preventDefault()}
        onClick={({ currentTarget }) => showMenu(currentTarget)}
      >
        <MoreIcon />
      </button>
    </article>
  );
};
