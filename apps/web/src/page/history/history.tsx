import type { ComponentChildren, FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import type { ChatView } from '../../protocol/index.ts';
import type { OpenView } from '../ground/link.ts';
import { formatDay } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { DayLabel } from './day-label.tsx';
import { FormattedText } from '../text/formatted-text.tsx';
import { HistoryButtons } from './history-buttons.tsx';
import { jumpToDate } from './jump-to-date.tsx';
import { MessageRow, type MessageRowProps } from './message-row.tsx';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { type HistoryRow, isUnwritten } from './rows.ts';
import { ServiceLine } from './service-line.tsx';
import { useHistoryList } from './use-history-list.ts';
import { useNewRows } from './use-new-rows.ts';
import { useRovingFocus } from './use-roving-focus.ts';

interface HistoryProps {
  view: OpenView<'history'>;
  details: Partial<ChatView>;
  /** What is shown as long as nobody has written. */
  children: ComponentChildren;
}

/** The messages of a chat: a window that moves as one scrolls. */
export const History: FunctionComponent<HistoryProps> = ({ view, details: { chat, draft }, children }) => {
  const open = useOpenChat();
  const scroller = useRef<HTMLDivElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const history = useHistoryList({ open, view, scroller, chat, draft });
  const focus = useRovingFocus(history, open, log);
  const { messages = [], hasOlder, hasNewer, replied = {} } = view.state.value;
  const isEmpty = hasOlder === false && !hasNewer && isUnwritten(messages);
  const { rows, list, isAtEnd } = history;
  const isNew = useNewRows(rows, hasNewer === false);
  const goDown = (): void => (hasNewer ? void open.jump() : list.scrollToEnd({ behavior: 'smooth' }));
  return (
    <div class={`history${open.selected.value ? ' is-selecting' : ''}`}>
      <div class={`history-scroller${isEmpty ? ' is-empty' : ''}`} ref={scroller}>
        <div class="history-rows" ref={log} role="log" aria-label={t('messages')} aria-live="polite" style={{ height: `${list.getTotalSize()}px` }} onKeyDown={focus.onKeyDown}>
          {list.getVirtualItems().map(({ key, index, start }) => {
            const row = rows[index]!;
            return (
              <div key={key} class="history-row" data-index={index} ref={list.measureElement} style={{ transform: `translateY(${start}px)` }}>
                <Row row={row} isNew={isNew(row.key)} replied={replied} chat={chat} isCurrent={focus.current === row.key} onFocus={() => focus.onFocus(row.key)} />
              </div>
            );
          })}
        </div>
        {isEmpty && <div class="empty-chat">{children}</div>}
      </div>
      <DayLabel history={history} scroller={scroller} onPress={(date) => void jumpToDate(open, date)} />
      <HistoryButtons chat={chat} isAtEnd={isAtEnd || rows.length === 0} onDown={goDown} />
    </div>
  );
};

const Row: FunctionComponent<Omit<MessageRowProps, 'row'> & { row: HistoryRow }> = ({ row, ...rest }) => {
  const open = useOpenChat();
  switch (row.kind) {
    case 'day':
      return (
        <button class="day" type="button" tabIndex={-1} title={t('jumpToDate')} onClick={() => void jumpToDate(open, row.date)}>
          {formatDay(row.date)}
        </button>
      );
    case 'unread':
      return <p class="unread-line">{t('unreadMessages')}</p>;
    case 'seam':
      return (
        <p class="service">
          <span dir="auto">{t('serviceUpgraded')}</span>
        </p>
      );
    case 'service':
      return <ServiceLine message={row.message} replied={rest.replied} />;
    case 'draft':
      return (
        <div class="message message-in is-first is-last" aria-live="off">
          <div class="bubble">
            <div class="message-text" dir="auto">
              <FormattedText text={row.draft.text} entities={row.draft.entities} />
            </div>
          </div>
        </div>
      );
    case 'message':
      return <MessageRow {...rest} row={row} />;
  }
};
