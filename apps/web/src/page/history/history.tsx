import type { FunctionComponent } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Virtualizer } from '@tanstack/virtual-core';
import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import type { Chat, MessageId, PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { formatDay } from '../parts/dates.ts';
import { t } from '../parts/text.ts';
import { useView } from '../parts/use-view.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { MessageRow } from './message-row.tsx';
import { ReadMarks } from './read-marks.ts';
import { arrangeRows, type HistoryRow } from './rows.ts';

/** Rows before the end of the window at which more are asked for. */
const AHEAD = 15;
/** Estimates until a row is measured, in pixels. */
const ESTIMATES: Record<HistoryRow['kind'], number> = { day: 40, unread: 40, message: 56 };

/** The messages of a chat: a window that moves as one scrolls. */
export const History: FunctionComponent<{ peer: PeerId; message?: MessageId; chat?: Chat }> = ({ peer, message, chat }) => {
  const view = useView('history', { peer, message });
  const scroller = useRef<HTMLDivElement>(null);
  const { messages = [], hasOlder, hasNewer, isLoading, target, firstUnread, replied = {} } = view.state.value;
  const rows = useMemo(() => arrangeRows(messages, firstUnread), [messages, firstUnread]);
  const marks = useMemo(() => new ReadMarks(peer), [peer]);
  useEffect(() => () => marks.close(), [marks]);

  const onScroll = ({ range }: Virtualizer<HTMLElement, HTMLElement>): void => {
    if (!range || isLoading !== false || rows.length === 0) return;
    if (hasOlder && range.startIndex < AHEAD) void ask('history.older', { view: view.id }).catch(() => undefined);
    else if (hasNewer && range.endIndex > rows.length - AHEAD) void ask('history.newer', { view: view.id }).catch(() => undefined);
  };
  const list = useVirtual({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ESTIMATES[rows[index]!.kind],
    getItemKey: (index) => rows[index]!.key,
    anchorTo: 'end',
    followOnAppend: hasNewer === false,
    overscan: 8,
    paddingStart: 8,
    paddingEnd: 8,
    onScroll,
  });

  const jump = target?.jump;
  useLayoutEffect(() => {
    if (!target) return;
    const at = rows.findIndex((row) => row.kind === 'message' && target.at !== 'end' && row.message.id === target.message);
    if (at === -1) list.scrollToEnd();
    else list.scrollToIndex(at, { align: 'center' });
  }, [jump]);
  // After each drawing: what can be seen now may count as read, and a short window may need more.
  useEffect(() => {
    const seen = list.range ? rows.slice(list.range.startIndex, list.range.endIndex + 1) : [];
    const last = seen.findLast((row) => row.kind === 'message' && row.message.id > 0 && !row.message.isOut);
    if (last?.kind === 'message') marks.see(last.message.id, chat);
    onScroll(list);
  });

  const isAtEnd = hasNewer === false && list.isAtEnd(80);
  return (
    <div class="history">
      <div class="history-scroller" ref={scroller} tabIndex={0}>
        <div class="history-rows" role="log" aria-label={t('messages')} aria-live="polite" style={{ height: `${list.getTotalSize()}px` }}>
          {list.getVirtualItems().map(({ key, index, start }) => {
            const row = rows[index]!;
            return (
              <div key={key} class="history-row" data-index={index} ref={list.measureElement} style={{ transform: `translateY(${start}px)` }}>
                <Row row={row} replied={replied} chat={chat} />
              </div>
            );
          })}
        </div>
        {messages.length === 0 && hasOlder === false && <p class="empty">{t('noMessages')}</p>}
      </div>
      {!isAtEnd && rows.length > 0 && (
        <button class="round to-bottom" type="button" aria-label={t('scrollToBottom')} onClick={() => (hasNewer ? void ask('history.jump', { view: view.id }) : list.scrollToEnd({ behavior: 'smooth' }))}>
          <ArrowDown />
          {chat && chat.unread > 0 && <span class="badge">{chat.unread}</span>}
        </button>
      )}
    </div>
  );
};

type RowProps = { row: HistoryRow; replied: Parameters<typeof MessageRow>[0]['replied']; chat?: Chat };

const Row: FunctionComponent<RowProps> = ({ row, replied, chat }) => {
  switch (row.kind) {
    case 'day':
      return <p class="day">{formatDay(row.date)}</p>;
    case 'unread':
      return <p class="unread-line">{t('unreadMessages')}</p>;
    case 'message':
      return <MessageRow {...row} replied={replied} chat={chat} />;
  }
};
