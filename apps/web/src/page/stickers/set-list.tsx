import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import ArrowUp from 'lucide-static/icons/arrow-up.svg';
import X from 'lucide-static/icons/x.svg';
import type { SetKind, StickerSet } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { attempt } from '../parts/notice.tsx';
import { moveItem } from './move-item.ts';
import { ArchivedSets, FeaturedSets } from './offered-sets.tsx';
import { SetName } from './set-name.tsx';

interface RowProps {
  set: StickerSet;
  index: number;
  last: number;
  move(to: number): void;
  drag: { onDragStart(): void; onDragOver(event: DragEvent): void; onDrop(event: DragEvent): void };
}

/** One set: its name opens it, the arrows and a drag move it. */
const SetRow: FunctionComponent<RowProps> = ({ set, index, last, move, drag }) => (
  <li draggable {...drag}>
    <SetName set={set} />
    <button class="round" type="button" aria-label={t('moveSetUp', { title: set.title })} disabled={index === 0} onClick={() => move(index - 1)}>
      <ArrowUp />
    </button>
    <button class="round" type="button" aria-label={t('moveSetDown', { title: set.title })} disabled={index === last} onClick={() => move(index + 1)}>
      <ArrowDown />
    </button>
    <button class="round" type="button" aria-label={t('removeSet', { title: set.title })} onClick={() => void attempt(ask('stickers.uninstall', { set: set.id }))}>
      <X />
    </button>
  </li>
);

/** The sets of one kind: those that the account has, in their order, those that are offered to it, and those that it has put away. */
export const SetList: FunctionComponent<{ kind: SetKind }> = ({ kind }) => {
  const { sets } = useView('stickerSets', { kind }).state.value;
  const dragged = useSignal<number | undefined>(undefined);
  const installed = (sets ?? []).map(({ id }) => id);
  const move = (from: number, to: number): void => {
    if (from !== to) void attempt(ask('stickers.order', { kind, sets: moveItem(sets ?? [], from, to).map(({ id }) => id) }));
  };
  const title = t(kind === 'emoji' ? 'ownEmojiSets' : 'ownSets');
  return (
    <section class="info-card-place" aria-label={title} aria-busy={sets === undefined}>
      <h2 class="info-card-title">{title}</h2>
      {(sets?.length ?? 0) > 0 && (
        <ul class="info-card set-list" aria-label={title}>
          {sets?.map((set, index) => (
            <SetRow
              key={set.id}
              set={set}
              index={index}
              last={sets.length - 1}
              move={(to) => move(index, to)}
              drag={{
                onDragStart: () => void (dragged.value = index),
                onDragOver: (event) => dragged.value !== undefined && event.preventDefault(),
                onDrop: (event) => {
                  event.preventDefault();
                  if (dragged.value !== undefined) move(dragged.value, index);
                  dragged.value = undefined;
                },
              }}
            />
          ))}
        </ul>
      )}
      {sets?.length === 0 && <p class="hint">{t('noSets')}</p>}
      <FeaturedSets kind={kind} installed={installed} />
      <ArchivedSets kind={kind} installed={installed} />
    </section>
  );
};
