import type { FunctionComponent } from 'preact';
import Check from 'lucide-static/icons/check.svg';
import CheckCheck from 'lucide-static/icons/check-check.svg';
import CircleAlert from 'lucide-static/icons/circle-alert.svg';
import Clock from 'lucide-static/icons/clock.svg';
import type { Chat, Message, Snippet } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatFull, formatSeconds, formatTime, nowSeconds } from '../parts/dates.ts';
import { describeRefusal } from '../parts/errors.ts';
import { authorName, nameOf } from '../parts/names.tsx';
import { describeService } from '../parts/service.ts';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../parts/text.ts';
import { FormattedText } from './formatted-text.tsx';
import { MediaContent } from './media-content.tsx';

/** How far an own message came. */
const Status: FunctionComponent<{ message: Message; chat?: Chat }> = ({ message, chat }) => {
  if (!message.isOut || message.isPost || peerSignal(message.peer).value?.isSelf) return null;
  const isRead = message.id > 0 && message.id <= (chat?.readOutboxId ?? 0);
  const [Icon, name] =
    message.state === 'failed' ? ([CircleAlert, t('failed')] as const)
    : message.state === 'sending' ? ([Clock, t('sending')] as const)
    : isRead ? ([CheckCheck, t('read')] as const)
    : ([Check, t('sent')] as const);
  return (
    <span class="status" role="img" aria-label={name} title={name}>
      <Icon />
    </span>
  );
};

/** Why a message was not sent, and what can be done. */
const Failure: FunctionComponent<{ message: Message }> = ({ message: { peer, key, state, failure } }) => {
  if (!failure) return null;
  if (state !== 'failed') return <p class="failure">{t('waitsUntil', { time: formatSeconds((failure.retryAt ?? 0) - nowSeconds()) })}</p>;
  return (
    <p class="failure" role="alert">
      {t('notSent', { reason: describeRefusal({ code: failure.reason }) })}{' '}
      <button class="link" type="button" onClick={() => void ask('messages.retry', { peer, key })}>
        {t('retry')}
      </button>
      <button class="link" type="button" onClick={() => void ask('messages.discard', { peer, key })}>
        {t('cancel')}
      </button>
    </p>
  );
};

const Reply: FunctionComponent<{ message: Message; replied: Record<string, Snippet | undefined> }> = ({ message, replied }) => {
  if (!message.replyTo) return null;
  const snippet = replied[`${message.replyTo.peer ?? message.peer}:${message.replyTo.id}`];
  return (
    <blockquote class="reply">
      <strong>
        <bdi>{snippet ? authorName(snippet.from) : ''}</bdi>
      </strong>
      <span dir="auto">{message.replyTo.quote?.text ?? (snippet ? describeSnippet(snippet) : '…')}</span>
    </blockquote>
  );
};

export interface MessageRowProps {
  message: Message;
  /** Whether the messages before and after it belong to it. */
  isFirst: boolean;
  isLast: boolean;
  replied: Record<string, Snippet | undefined>;
  chat?: Chat;
}

/** One message. */
export const MessageRow: FunctionComponent<MessageRowProps> = ({ message, isFirst, isLast, replied, chat }) => {
  const peer = peerSignal(message.peer).value;
  if (message.service) return <p class="service">{describeService(message.service, message.from)}</p>;
  const isGroup = peer?.kind === 'group' || peer?.kind === 'supergroup';
  const showsAuthor = isGroup && !message.isOut;
  const time = formatTime(message.date);
  const name = message.isOut ? t('you') : nameOf(peerSignal(message.from).value);
  const side = message.isOut && !message.isPost ? 'out' : 'in';
  return (
    <article class={`message message-${side}${isFirst ? ' is-first' : ''}${isLast ? ' is-last' : ''}`} aria-label={`${name}, ${time}`} tabIndex={-1}>
      {showsAuthor && <span class="message-avatar">{isLast && <Avatar peer={message.from} size="small" />}</span>}
      <div class="bubble">
        {showsAuthor && isFirst && (
          <p class="message-author">
            <bdi>{name}</bdi>
          </p>
        )}
        {message.forwarded && <p class="forwarded">{t('forwardedFrom', { name: message.forwarded.name ?? nameOf(message.forwarded.from === undefined ? undefined : peerSignal(message.forwarded.from).value) })}</p>}
        <Reply message={message} replied={replied} />
        <MediaContent message={message} />
        {message.text !== '' && (
          <div class="message-text" dir="auto">
            <FormattedText text={message.text} entities={message.entities} />
          </div>
        )}
        <span class="message-foot">
          {message.editDate !== undefined && <span>{t('edited')}</span>}
          <time dateTime={new Date(message.date * 1000).toISOString()} title={formatFull(message.date)}>
            {time}
          </time>
          <Status message={message} chat={chat} />
        </span>
        <Failure message={message} />
      </div>
    </article>
  );
};
