import type { FunctionComponent } from 'preact';
import type { Message, PeerId, Snippet } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { NameStatus } from '../parts/name-status.tsx';
import { authorName, nameOf } from '../parts/names.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';

/** Colours of authors in groups. */
const COLOURS = 7;

/** Who wrote a message of a group. */
export const Author: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const shown = peerSignal(peer).value;
  return (
    <p class={`message-author author-${Math.abs(peer) % COLOURS}`}>
      <a href={chatAddress(peer)} tabIndex={-1}>
        <bdi>{nameOf(shown)}</bdi>
      </a>
      {shown?.status && <NameStatus status={shown.status} />}
    </p>
  );
};

/** Where a forwarded message comes from: its header leads there if it can be seen. */
export const ForwardedFrom: FunctionComponent<{ message: Message }> = ({ message: { forwarded } }) => {
  if (!forwarded) return null;
  const { from, name, post, author, origin } = forwarded;
  const peer = from === undefined ? undefined : peerSignal(from).value;
  const shown = `${name ?? nameOf(peer)}${author === undefined ? '' : ` (${author})`}`;
  const address = from !== undefined && post !== undefined ? chatAddress(from, post) : origin ? chatAddress(origin.peer, origin.message) : from === undefined ? undefined : chatAddress(from);
  return (
    <p class="forwarded">
      {t('forwardedFrom')}{' '}
      {address === undefined ? (
        <bdi>{shown}</bdi>
      ) : (
        <a href={address}>
          <bdi>{shown}</bdi>
        </a>
      )}
    </p>
  );
};

/** The bot by which a message was written. */
export const Via: FunctionComponent<{ bot: PeerId }> = ({ bot }) => {
  const [username] = peerSignal(bot).value?.usernames ?? [];
  if (username === undefined) return null;
  return (
    <p class="forwarded">
      {t('via')} <a href={chatAddress(bot)}>@{username}</a>
    </p>
  );
};

/** What a message answers; pressed, it shows it. */
export const Reply: FunctionComponent<{ message: Message; replied: Record<string, Snippet | undefined> }> = ({ message, replied }) => {
  const open = useOpenChat();
  const { replyTo } = message;
  if (!replyTo) return null;
  const { id, peer = message.peer, author, quote } = replyTo;
  // In a thread everything answers the message with which it began.
  if (peer === message.peer && id === open.thread && !quote) return null;
  const key = `${peer}:${id}`;
  const snippet = replied[key];
  const name = snippet ? authorName(snippet.from) : (author?.name ?? (author?.peer === undefined ? '' : authorName(author.peer)));
  const isGone = id === 0 || (key in replied && !snippet);
  const text = quote?.text ?? (snippet ? describeSnippet(snippet) : t(id === 0 ? 'message' : isGone ? 'goneMessage' : 'loading'));
  const jump = (): void => {
    if (peer === message.peer || peer === open.peer) void open.jump({ message: { peer, id } });
    else go(chatAddress(peer, id));
  };
  return (
    <button class={`reply${quote ? ' is-quote' : ''}`} type="button" tabIndex={-1} aria-label={t('replyTo', { name, text })} disabled={isGone} onClick={jump}>
      <strong>
        <bdi>{name}</bdi>
      </strong>
      <span dir="auto">{text}</span>
    </button>
  );
};
