import { nameOf } from '../contacts/index.ts';
import type { MessagingDeps } from './messaging-deps.ts';

/** The authors whose privacy settings forbid forwards of this user to link to them, with the names to show instead. */
export async function findHiddenAuthors(
  deps: Pick<MessagingDeps, 'users' | 'privacy'>,
  forwarderId: bigint,
  authorIds: Iterable<bigint>,
): Promise<Map<bigint, string>> {
  const ids = [...authorIds].filter((id) => id > 0n);
  const links = await Promise.all(ids.map((id) => deps.privacy.mayLinkForward(id, forwarderId)));
  const hidden = ids.filter((_, at) => !links[at]);
  if (hidden.length === 0) return new Map();
  const rows = await deps.users.findRows(hidden);
  return new Map(hidden.map((id) => [id, nameOf(rows.get(id) ?? { first_name: 'Deleted Account', last_name: '' })]));
}
