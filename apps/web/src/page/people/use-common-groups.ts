import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';

/**
 * Groups that the account and a person are both in.
 * @param count how many the server counts: without any, nothing is asked, and another number asks anew
 * @returns empty until they are known
 */
export function useCommonGroups(user: PeerId, count: number): readonly PeerId[] {
  const groups = useSignal<readonly PeerId[]>([]);
  useEffect(() => {
    if (count === 0) return undefined;
    let isCurrent = true;
    void ask('people.common', { user }).then((found) => isCurrent && (groups.value = found), () => undefined);
    return () => void (isCurrent = false);
  }, [user, count]);
  return groups.value;
}
