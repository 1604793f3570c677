import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import type { FoundMessages, PeerId } from '../../protocol/index.ts';
import { findingTexts } from '../../texts/en/finding.ts';
import { ask } from '../ground/link.ts';
import { chatAddress, go, tagAddress } from '../ground/route.ts';
import { addTexts, t } from '../ground/text.ts';
import { attempt } from '../parts/notice.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { MessageResult } from './message-result.tsx';

addTexts(findingTexts);

/** The messages with a hashtag, the newest first. @param peer searches one chat alone */
const TaggedMessages: FunctionComponent<{ tag: string; peer?: PeerId }> = ({ tag, peer }) => {
  const found = useSignal<FoundMessages | undefined>(undefined);
  const isLoading = useSignal(false);
  const load = async (): Promise<void> => {
    const before = found.value;
    if (isLoading.value || (before && !before.next)) return;
    isLoading.value = true;
    const asked = ask('search.tag', { tag, peer, next: before?.next });
    if (await attempt(asked)) {
      const { messages, next } = await asked;
      found.value = { messages: [...(before?.messages ?? []), ...messages], next };
    }
    isLoading.value = false;
  };
  useEffect(() => void load(), []);
  const onScroll = ({ currentTarget }: { currentTarget: HTMLElement }): void => {
    if (currentTarget.scrollTop + currentTarget.clientHeight * 2 > currentTarget.scrollHeight) void load();
  };
  const { messages = [], next } = found.value ?? {};
  return (
    <div class="search-results" onScroll={onScroll}>
      <ul aria-label={t('searchResults')} aria-busy={isLoading.value}>
        {messages.map(({ peer: id, snippet }) => (
          <li key={`${id}:${snippet.id}`}>
            <MessageResult peer={id} snippet={snippet} query={tag} />
          </li>
        ))}
      </ul>
      {next && (
        <button class="link more-results" type="button" disabled={isLoading.value} onClick={() => void load()}>
          {t('moreMessages')}
        </button>
      )}
      {found.value && messages.length === 0 && !next && <p class="empty">{t('nothingTagged', { tag })}</p>}
    </div>
  );
};

/** The messages of all chats that have a hashtag. */
export const TagSide: FunctionComponent<{ tag: string; back: string }> = ({ tag, back }) => (
  <>
    <SideHeader title={tag} back={back} />
    <TaggedMessages key={tag} tag={tag} />
  </>
);

/** The messages of a chat that have a hashtag, in the place of its history. */
export const TagPage: FunctionComponent<{ tag: string; peer: PeerId }> = ({ tag, peer }) => (
  <main class="chat tag-page" aria-label={tag}>
    <header class="bar">
      <a class="round" href={chatAddress(peer)} aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <h1 class="bar-title">{tag}</h1>
    </header>
    <Tabs
      label={t('taggedWhere')}
      tabs={[
        { id: 'here', title: t('taggedHere') },
        { id: 'everywhere', title: t('taggedEverywhere') },
      ]}
      chosen="here"
      onChoose={(id) => id === 'everywhere' && go(tagAddress(tag))}
    />
    <TaggedMessages key={tag} tag={tag} peer={peer} />
  </main>
);
