import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';

/** The server is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 250;

/** Looks for people, groups and channels: those of the account first. @returns undefined as long as nothing is known of what is looked for */
export function useFoundPeers(query: string): readonly PeerId[] | undefined {
  const found = useSignal<{ query: string; peers: PeerId[] } | undefined>(undefined);
  useEffect(() => {
    if (query === '') return undefined;
    let isCurrent = true;
    const search = async (): Promise<void> => {
      const { own, others } = await ask('search.everywhere', { query }).catch(() => ({ own: [], others: [] }));
      if (isCurrent) found.value = { query, peers: [...own, ...others] };
    };
    const timer = setTimeout(() => void search(), PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query]);
  return found.value?.query === query ? found.value.peers : undefined;
}
