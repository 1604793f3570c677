import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId, SearchResult, Snippet } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { chatAddress } from '../app/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatShort } from '../parts/dates.ts';
import { nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../parts/text.ts';

/** The server is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 250;

const Result: FunctionComponent<{ peer: PeerId; snippet?: Snippet }> = ({ peer: id, snippet }) => {
  const peer = peerSignal(id).value;
  const name = nameOf(peer);
  const text = snippet ? describeSnippet(snippet) : peer?.usernames[0] === undefined ? describePeer(peer) : `@${peer.usernames[0]}`;
  return (
    <a class="chat-row" href={chatAddress(id, snippet?.id)} aria-label={`${name}, ${text}`}>
      <Avatar peer={id} />
      <span class="chat-row-title">
        <bdi>{name}</bdi>
      </span>
      <span class="chat-row-date">{snippet && formatShort(snippet.date)}</span>
      <span class="chat-row-text" dir="auto">
        {text}
      </span>
    </a>
  );
};

/** What the search box found: chats, people, groups, channels, and messages. */
export const SearchResults: FunctionComponent<{ query: string }> = ({ query }) => {
  const found = useSignal<SearchResult | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      ask('search.everywhere', { query }).then(
        (result) => isCurrent && (found.value = result),
        () => isCurrent && (found.value = { own: [], others: [], messages: [] }),
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query]);
  const result = found.value;
  return (
    <div class="search-results">
      <ul aria-label={t('searchResults')} aria-busy={result === undefined}>
        {[...(result?.own ?? []), ...(result?.others ?? [])].map((peer) => (
          <li key={peer}>
            <Result peer={peer} />
          </li>
        ))}
        {result?.messages.map(({ peer, snippet }) => (
          <li key={`${peer}:${snippet.id}`}>
            <Result peer={peer} snippet={snippet} />
          </li>
        ))}
      </ul>
      {result && result.own.length + result.others.length + result.messages.length === 0 && <p class="empty">{t('nothingFound')}</p>}
    </div>
  );
};
