import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { PersonRow } from '../parts/person-row.tsx';

/** Public channels whose subscribers are much the same as those of one channel. */
export const SimilarChannels: FunctionComponent<{ peers: readonly PeerId[] }> = ({ peers }) => (
  <ul class="people" aria-label={t('similarChannels')}>
    {peers.map((peer) => (
      <li key={peer}>
        <PersonRow peer={peer} />
      </li>
    ))}
  </ul>
);
