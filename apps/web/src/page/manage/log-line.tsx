import type { FunctionComponent } from 'preact';
import type { LogEvent, LoggedMessage, Peer } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatTime } from '../parts/dates.ts';
import { personName } from '../parts/person-row.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { describeEvent, describeRights } from './describe-event.ts';

/** Texts of which the log tells what they were before. */
const COMPARED = new Set<LogEvent['what']>(['title', 'about', 'username', 'rank', 'topicEdit']);

/** What a message says, which is not kept for ever. */
const Logged: FunctionComponent<{ message: LoggedMessage; label?: string }> = ({ message, label }) => (
  <blockquote class="log-message" dir="auto">
    {label !== undefined && <span class="log-label">{label}</span>}
    {message.isGone ? <em>{t('logContentGone')}</em> : describeSnippet(message)}
  </blockquote>
);

/** Something that was done, and who did it. */
export const LogLine: FunctionComponent<{ peer: Peer; event: LogEvent }> = ({ peer, event }) => {
  const { by, date, what, before, message, messageBefore } = event;
  return (
    <li class="log-line">
      <Avatar peer={by} size="small" isPerson />
      <div class="log-text">
        <p>
          <bdi class="log-author">{personName(by)}</bdi> <span dir="auto">{describeEvent(event)}</span>
        </p>
        {COMPARED.has(what) && before !== undefined && before !== '' && (
          <p class="hint" dir="auto">
            {t('logBefore', { text: before })}
          </p>
        )}
        {describeRights(peer, event).map((line) => (
          <p key={line} class="hint">
            {line}
          </p>
        ))}
        {messageBefore && <Logged message={messageBefore} label={t('logMessageBefore')} />}
        {message && <Logged message={message} label={messageBefore && t('logMessageAfter')} />}
      </div>
      <time class="hint" dateTime={new Date(date * 1000).toISOString()}>
        {formatTime(date)}
      </time>
    </li>
  );
};
