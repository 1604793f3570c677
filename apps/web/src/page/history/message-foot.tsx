import type { FunctionComponent } from 'preact';
import Check from 'lucide-static/icons/check.svg';
import CheckCheck from 'lucide-static/icons/check-check.svg';
import CircleAlert from 'lucide-static/icons/circle-alert.svg';
import Clock from 'lucide-static/icons/clock.svg';
import Eye from 'lucide-static/icons/eye.svg';
import Pin from 'lucide-static/icons/pin.svg';
import type { Chat, Message, WaitingChange } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { formatFull, formatTime } from '../parts/dates.ts';
import { MessageEffect } from '../reactions/message-effect.tsx';
import { formatCount, t } from '../ground/text.ts';

/** What is to be done with a message, and waits for the server. */
const Waiting: FunctionComponent<{ waitsFor: WaitingChange }> = ({ waitsFor }) => {
  const name = t(waitsFor === 'edit' ? 'waitsForEdit' : 'waitsForDelete');
  return (
    <span class="status" role="img" aria-label={name} title={name}>
      <Clock />
    </span>
  );
};

/** How far an own message came. */
const Status: FunctionComponent<{ message: Message; chat?: Chat }> = ({ message, chat }) => {
  if (!message.isOut || (message.isPost && message.id !== 0) || (message.id !== 0 && peerSignal(message.peer).value?.isSelf)) return null;
  const isRead = message.id > 0 && message.id <= (chat?.readOutboxId ?? 0);
  const [Icon, name] =
    message.state === 'failed' ? ([CircleAlert, t('failed')] as const)
    : message.state === 'sending' ? ([Clock, t('sending')] as const)
    : isRead ? ([CheckCheck, t('read')] as const)
    : ([Check, t('sent')] as const);
  return (
    <span class={`status${message.state === 'failed' ? ' is-failed' : ''}`} role="img" aria-label={name} title={name}>
      <Icon />
    </span>
  );
};

/** What stands below a message: how often it was seen, who signed it, when it was sent, and how far it came. */
export const MessageFoot: FunctionComponent<{ message: Message; chat?: Chat; isNew?: boolean }> = ({ message, chat, isNew = false }) => {
  const { date, editDate, forwarded, isPinned, views, signature } = message;
  const full = [formatFull(date), editDate === undefined ? '' : t('editedAt', { when: formatFull(editDate) }), forwarded ? t('originalFrom', { when: formatFull(forwarded.date) }) : ''];
  return (
    <span class="message-foot">
      {isPinned && (
        <span role="img" aria-label={t('pinnedMessage')} title={t('pinnedMessage')}>
          <Pin />
        </span>
      )}
      {views !== undefined && (
        <span class="views" aria-label={t('views', { n: views })} role="img" title={t('views', { n: views })}>
          <Eye />
          {formatCount(views)}
        </span>
      )}
      {signature !== undefined && (
        <bdi class="signature">{signature}</bdi>
      )}
      {message.effect !== undefined && <MessageEffect message={message} effect={message.effect} isNew={isNew} />}
      {editDate !== undefined && <span>{t('edited')}</span>}
      <time dateTime={new Date(date * 1000).toISOString()} title={full.filter((part) => part !== '').join('\n')}>
        {formatTime(date)}
      </time>
      {message.waitsFor ? <Waiting waitsFor={message.waitsFor} /> : <Status message={message} chat={chat} />}
    </span>
  );
};
