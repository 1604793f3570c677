import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SetKind, StickerSet } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { attempt } from '../parts/notice.tsx';
import { useAsked } from '../parts/use-loaded.ts';
import { SetName } from './set-name.tsx';

/** Sets that can be added: the name of one shows what it has. */
const OfferedSets: FunctionComponent<{ title: string; sets: readonly StickerSet[] }> = ({ title, sets }) => (
  <>
    <h3 class="info-card-title">{title}</h3>
    <ul class="info-card set-list" aria-label={title}>
      {sets.map((set) => (
        <li key={set.id}>
          <SetName set={set} />
          <button class="button button-small button-plain" type="button" aria-label={t('addSet', { title: set.title })} onClick={() => void attempt(ask('stickers.install', { set: set.id }))}>
            {t('addOffered')}
          </button>
        </li>
      ))}
    </ul>
  </>
);

interface PlaceProps {
  kind: SetKind;
  /** The ids of the sets that the account has. */
  installed: readonly string[];
}

/** The sets that the server offers to everybody, as far as the account has not added them. */
export const FeaturedSets: FunctionComponent<PlaceProps> = ({ kind, installed }) => {
  const featured = useAsked(() => ask('stickers.featured', { kind }));
  const others = featured?.filter(({ id, isArchived }) => !isArchived && !installed.includes(id)) ?? [];
  return others.length === 0 ? null : <OfferedSets title={t('featuredSets')} sets={others} />;
};

/** The sets that the account has put away, a page after the other. */
export const ArchivedSets: FunctionComponent<PlaceProps> = ({ kind, installed }) => {
  const shown = useSignal<{ sets: readonly StickerSet[]; hasMore: boolean }>({ sets: [], hasMore: false });
  const load = async (before: readonly StickerSet[]): Promise<void> => {
    const { sets, hasMore } = await ask('stickers.archived', { kind, after: before.at(-1)?.id });
    shown.value = { sets: [...before, ...sets], hasMore };
  };
  // Which ones are archived is different after each change of the others.
  useEffect(() => void load([]).catch(() => undefined), [installed.join()]);
  const { sets, hasMore } = shown.value;
  if (sets.length === 0) return null;
  return (
    <>
      <OfferedSets title={t('archivedSets')} sets={sets} />
      {hasMore && (
        <button class="link more-results" type="button" onClick={() => void attempt(load(sets))}>
          {t('moreSets')}
        </button>
      )}
    </>
  );
};
