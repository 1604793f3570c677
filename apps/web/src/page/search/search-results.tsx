import type { ComponentChildren, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId, SearchResult, Snippet } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatShort } from '../parts/dates.ts';
import { authorName, nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { Marked } from '../parts/marked.tsx';

/** The server is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 250;

const Row: FunctionComponent<{ peer: PeerId; message?: number; date?: string; onOpen?(): void; children: ComponentChildren }> = ({ peer, message, date, onOpen, children }) => {
  const name = nameOf(peerSignal(peer).value);
  return (
    <a class="chat-row" href={chatAddress(peer, message)} onClick={onOpen}>
      <Avatar peer={peer} />
      <span class="chat-row-title">
        <bdi>{name}</bdi>
      </span>
      <span class="chat-row-date">{date}</span>
      <span class="chat-row-text" dir="auto">
        {children}
      </span>
    </a>
  );
};

const PeerResult: FunctionComponent<{ peer: PeerId; onOpen(): void }> = ({ peer: id, onOpen }) => {
  const peer = peerSignal(id).value;
  const names = peer?.usernames[0] === undefined ? [] : [`@${peer.usernames[0]}`];
  const text = [...names, ...(peer?.kind === 'user' && names.length > 0 ? [] : [describePeer(peer)])].filter(Boolean).join(', ');
  return (
    <Row
      peer={id}
      onOpen={() => {
        void ask('search.noteRecent', { peer: id });
        onOpen();
      }}
    >
      {text}
    </Row>
  );
};

const MessageResult: FunctionComponent<{ peer: PeerId; snippet: Snippet; query: string }> = ({ peer: id, snippet, query }) => {
  const peer = peerSignal(id).value;
  const showsAuthor = !snippet.service && snippet.from !== id && (peer?.kind !== 'user' || snippet.isOut);
  return (
    <Row peer={id} message={snippet.id} date={formatShort(snippet.date)}>
      {showsAuthor && <span class="author">{authorName(snippet.from)}: </span>}
      <Marked text={describeSnippet(snippet)} query={query} />
    </Row>
  );
};

const NOTHING: SearchResult = { own: [], others: [], messages: [] };

/**
 * What the search box found: chats and contacts, public people, groups and channels, and messages.
 * @param onOpen is called when a chat was opened; messages are mostly looked at one after the other
 */
export const SearchResults: FunctionComponent<{ query: string; onOpen(): void }> = ({ query, onOpen }) => {
  const found = useSignal<SearchResult | undefined>(undefined);
  const isLoading = useSignal(false);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      ask('search.everywhere', { query }).then(
        (result) => isCurrent && (found.value = result),
        () => isCurrent && (found.value = NOTHING),
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query]);
  const result = found.value;
  const { own, others, messages, next } = result ?? NOTHING;
  const loadMore = async (): Promise<void> => {
    if (!next || isLoading.value) return;
    isLoading.value = true;
    const more = await ask('search.moreMessages', { query, next }).catch(() => ({ messages: [], next: undefined }));
    isLoading.value = false;
    // Meanwhile something else may have been searched for.
    if (found.value === result) found.value = { own, others, messages: [...messages, ...more.messages], next: more.next };
  };
  const onScroll = ({ currentTarget }: { currentTarget: HTMLElement }): void => {
    if (currentTarget.scrollTop + currentTarget.clientHeight * 2 > currentTarget.scrollHeight) void loadMore();
  };
  return (
    <div class="search-results" onScroll={onScroll}>
      <ul aria-label={t('searchResults')} aria-busy={result === undefined}>
        {own.map((peer, index) => (
          <li key={peer}>
            {index === 0 && <Heading>{t('foundChats')}</Heading>}
            <PeerResult peer={peer} onOpen={onOpen} />
          </li>
        ))}
        {others.map((peer, index) => (
          <li key={peer}>
            {index === 0 && <Heading>{t('foundPublic')}</Heading>}
            <PeerResult peer={peer} onOpen={onOpen} />
          </li>
        ))}
        {messages.map(({ peer, snippet }, index) => (
          <li key={`${peer}:${snippet.id}`}>
            {index === 0 && <Heading>{t('foundMessages')}</Heading>}
            <MessageResult peer={peer} snippet={snippet} query={query} />
          </li>
        ))}
      </ul>
      {next && (
        <button class="link more-results" type="button" disabled={isLoading.value} onClick={() => void loadMore()}>
          {t('moreMessages')}
        </button>
      )}
      {result && own.length + others.length + messages.length === 0 && <Nothing />}
    </div>
  );
};

const Nothing: FunctionComponent = () => (
  <div class="empty">
    <p>{t('nothingFound')}</p>
    <p class="hint">{t('nothingFoundText')}</p>
  </div>
);

/** Names the results that begin with this one. */
const Heading: FunctionComponent<{ children: ComponentChildren }> = ({ children }) => <h2 class="section-title">{children}</h2>;
