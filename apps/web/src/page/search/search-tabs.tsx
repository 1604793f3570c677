import type { FunctionComponent } from 'preact';
import type { Signal } from '@preact/signals';
import type { SearchedKind } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { Tabs } from '../parts/tabs.tsx';
import { useLoaded } from '../parts/use-loaded.ts';

/** What the search box looks for. */
export type SearchTab = 'chats' | SearchedKind;

const TABS: { id: SearchTab; title: 'chats' | 'searchChannels' | 'searchBots' }[] = [
  { id: 'chats', title: 'chats' },
  { id: 'channels', title: 'searchChannels' },
  { id: 'bots', title: 'searchBots' },
];

/** Chooses what the search box looks for. The field keeps the focus. */
export const SearchTabs: FunctionComponent<{ chosen: Signal<SearchTab> }> = ({ chosen }) => (
  <div onPointerDown={(event) => event.preventDefault()}>
    <Tabs label={t('kindsOfResults')} tabs={TABS.map(({ id, title }) => ({ id, title: t(title) }))} chosen={chosen.value} onChoose={(id) => (chosen.value = id)} />
  </div>
);

/** Channels or bots. Few people look for them, so they are loaded then. */
export const KindPlace: FunctionComponent<{ kind: SearchedKind; query: string; onOpen(): void }> = (props) => {
  const Results = useLoaded(async () => (await import('./kind-results.tsx')).KindResults);
  return Results ? <Results key={props.kind} {...props} /> : <div class="search-results" aria-busy />;
};
