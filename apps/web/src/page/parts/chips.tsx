import type { FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import type { PeerId } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { Avatar } from './avatar.tsx';
import { OnlyRead } from './only-read.tsx';

/** What was chosen, each with its name; pressed, it is taken away. */
export const Chips: FunctionComponent<{ label: string; peers: readonly PeerId[]; nameOf(peer: PeerId): string; onTake(peer: PeerId): void }> = ({ label, peers, nameOf, onTake }) =>
  peers.length === 0 ? null : (
    <ul class="chips" aria-label={label}>
      {peers.map((peer) => (
        <li key={peer}>
          <button class="chip" type="button" onClick={() => onTake(peer)}>
            <Avatar peer={peer} size="small" />
            <span class="chip-name">
              <bdi aria-hidden="true">{nameOf(peer)}</bdi>
              <OnlyRead>{t('takeAway', { name: nameOf(peer) })}</OnlyRead>
            </span>
            <X />
          </button>
        </li>
      ))}
    </ul>
  );
