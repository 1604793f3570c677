import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Clock from 'lucide-static/icons/clock.svg';
import Star from 'lucide-static/icons/star.svg';
import type { FileRef, KeptList, Sticker, StickerSet } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { openMenu } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { favouriteItem, followFavourites } from '../stickers/favourites.ts';
import type { KeptChoice } from './kept-tab.tsx';
import { GridSection, HEADING } from './grid-section.tsx';
import { cellAt, focusFirst, moveFocus } from './move-focus.ts';
import { SetCover, useSet } from './set-cover.tsx';
import { type OfferedSticker, STICKER_COLUMNS, StickerGrid } from './sticker-grid.tsx';
import { useSections } from './use-sections.ts';

/** Height of one line, in pixels, as in the styles. */
const LINE = 66;
/** How long a query rests before it is searched for, in milliseconds. */
const PAUSE_MS = 250;

interface Section {
  name: string;
  title: string;
  cover: ComponentChildren;
  count: number;
  draw(): ComponentChildren;
}

const ofSet = (sticker: Sticker): OfferedSticker => ({ ...sticker, file: { of: 'sticker', file: sticker.document.id, size: '' } });

/** The stickers of a set, as soon as they are there. */
const SetGrid: FunctionComponent<{ set: StickerSet; choose(sticker: OfferedSticker): void }> = ({ set, choose }) => <StickerGrid stickers={(useSet(set, true)?.stickers ?? []).map(ofSet)} choose={choose} />;

/** A list of stickers that the account keeps beside its sets. */
function useKept(list: KeptList): OfferedSticker[] {
  const { documents = [] } = useView('kept', { list }).state.value;
  return documents.map(({ document }) => ({ document, emoji: '', file: { of: 'kept', list, file: document.id, size: '' } }));
}

/** What a query finds; undefined while nothing is searched for, or nothing was found yet. */
function useFound(query: string): OfferedSticker[] | undefined {
  const found = useSignal<{ query: string; stickers: OfferedSticker[] } | undefined>(undefined);
  useEffect(() => {
    if (query === '') return undefined;
    const timer = setTimeout(() => {
      ask('stickers.search', { query }).then((stickers) => (found.value = { query, stickers: stickers.map(ofSet) }), () => (found.value = { query, stickers: [] }));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [query]);
  return query === '' ? undefined : found.value?.query === query ? found.value.stickers : undefined;
}

const choiceOf = (file: FileRef): KeptChoice | undefined => (file.of === 'kept' ? { list: file.list, file: file.file } : file.of === 'sticker' ? { list: 'set', file: file.file } : undefined);

/** The stickers of the account: those it sent lately, those it chose, and its sets, with a search. */
export const StickersTab: FunctionComponent<{ choose(choice: KeptChoice): void }> = ({ choose: send }) => {
  const scroller = useRef<HTMLDivElement>(null);
  const query = useSignal('');
  const { sets } = useView('stickerSets', { kind: 'stickers' }).state.value;
  const [recent, favourite] = [useKept('recent'), useKept('favourite')];
  useEffect(followFavourites, []);
  const searched = query.value.trim();
  const found = useFound(searched);
  const choose = ({ file }: OfferedSticker): void => {
    const choice = choiceOf(file);
    if (choice) send(choice);
  };
  const kept = (name: KeptList, stickers: OfferedSticker[]): Section => ({
    name,
    title: t(name === 'recent' ? 'recentStickers' : 'favouriteStickers'),
    cover: name === 'recent' ? <Clock /> : <Star />,
    count: stickers.length,
    draw: () => <StickerGrid stickers={stickers} choose={choose} />,
  });
  const all: Section[] = [
    kept('recent', recent),
    kept('favourite', favourite),
    ...(sets ?? []).map((set): Section => ({ name: set.id, title: set.title, cover: <SetCover set={set} />, count: set.count, draw: () => <SetGrid set={set} choose={choose} /> })),
  ].filter(({ count }) => count > 0);
  const heightOf = ({ count }: Section): number => HEADING + Math.ceil(count / STICKER_COLUMNS) * LINE;
  const sections = useSections(scroller, all.map((section) => ({ name: section.name, height: heightOf(section) })), searched === '');
  const isEmpty = searched === '' ? sets !== undefined && all.length === 0 : found?.length === 0;
  const gestures = useMenuGestures((place) => {
    const cell = cellAt(place, 'data-file');
    const item = cell && favouriteItem(JSON.parse(cell.dataset['file']!) as FileRef);
    if (item) openMenu({ items: [item], label: t('more'), place: cell });
  });
  const onKeyDown: typeof gestures.onKeyDown = (event) => {
    gestures.onKeyDown?.(event);
    if (!event.defaultPrevented && !event.altKey && moveFocus(event.key, scroller.current!)) event.preventDefault();
  };
  return (
    <>
      <SearchBox label={t('searchStickers')} query={query} onKeyDown={({ key }) => key === 'ArrowDown' && focusFirst(scroller.current)} />
      <div class="emoji-tabs set-tabs">
        <Tabs
          label={t('ownStickerSets')}
          tabs={all.map(({ name, title, cover }) => ({ id: name, title: cover, name: title }))}
          chosen={searched === '' ? (sections.current ?? all[0]?.name) : undefined}
          onChoose={(name) => {
            query.value = '';
            sections.goTo(name);
          }}
        />
      </div>
      <div class="emoji-scroller" hidden={isEmpty} ref={scroller} tabIndex={0} role="grid" aria-label={t('stickers')} aria-busy={sets === undefined || (searched !== '' && found === undefined)} {...gestures} onScroll={sections.look} onKeyDown={onKeyDown} onFocus={({ target, currentTarget }) => target === currentTarget && focusFirst(currentTarget)}>
        {searched !== '' ? (
          <div role="rowgroup" aria-label={t('foundStickers')}>
            <StickerGrid stickers={found ?? []} choose={choose} />
          </div>
        ) : (
          all.map((section) => <GridSection key={section.name} title={section.title} height={heightOf(section)} isNear={sections.isNear(section.name)} draw={section.draw} />)
        )}
      </div>
      {isEmpty && <p class="empty">{t(searched === '' ? 'noStickers' : 'nothingFound')}</p>}
    </>
  );
};
