import type { Member } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';

/** What stands beside the name of a member: the title of an admin, or that there is none. */
export function roleOf({ role, rank }: Member): string | undefined {
  if (rank !== undefined && rank !== '') return rank;
  return role === 'member' ? undefined : t(role);
}
