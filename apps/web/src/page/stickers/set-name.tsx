import type { FunctionComponent } from 'preact';
import type { StickerSet } from '../../protocol/index.ts';
import { formatCount } from '../ground/text.ts';
import { showSet } from './set-dialog.tsx';

/** The name of a set in a list, and how much is in it. It opens the set. */
export const SetName: FunctionComponent<{ set: StickerSet }> = ({ set }) => (
  <button class="info-row" type="button" onClick={() => void showSet({ by: 'id', id: set.id })}>
    <span class="info-row-text">
      <bdi>{set.title}</bdi>
    </span>
    <span class="info-row-value">{formatCount(set.count)}</span>
  </button>
);
