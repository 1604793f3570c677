import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SearchResult } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { MessageResult } from './message-result.tsx';
import { NothingFound, PeerResult, ResultHeading } from './peer-result.tsx';
import { PAUSE_MS } from './pause.ts';

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
            {index === 0 && <ResultHeading>{t('foundChats')}</ResultHeading>}
            <PeerResult peer={peer} onOpen={onOpen} />
          </li>
        ))}
        {others.map((peer, index) => (
          <li key={peer}>
            {index === 0 && <ResultHeading>{t('foundPublic')}</ResultHeading>}
            <PeerResult peer={peer} onOpen={onOpen} />
          </li>
        ))}
        {messages.map(({ peer, snippet }, index) => (
          <li key={`${peer}:${snippet.id}`}>
            {index === 0 && <ResultHeading>{t('foundMessages')}</ResultHeading>}
            <MessageResult peer={peer} snippet={snippet} query={query} />
          </li>
        ))}
      </ul>
      {next && (
        <button class="link more-results" type="button" disabled={isLoading.value} onClick={() => void loadMore()}>
          {t('moreMessages')}
        </button>
      )}
      {result && own.length + others.length + messages.length === 0 && <NothingFound />}
    </div>
  );
};
