import type { Privacy, PrivacyKey } from '../privacy/index.ts';
import type { Users } from './users.ts';

interface MaySeeDeps {
  users: Pick<Users, 'findRow'>;
  privacy: Pick<Privacy, 'allows'>;
}

/** Whether a viewer may see what stands under a privacy key on a profile; the owner always may. Nothing is seen of a deleted account. */
export async function maySee({ users, privacy }: MaySeeDeps, key: PrivacyKey, viewerId: bigint, ownerId: bigint): Promise<boolean> {
  const [viewer, owner] = await Promise.all([users.findRow(viewerId), users.findRow(ownerId)]);
  return owner?.deleted === false && privacy.allows(ownerId, key, { id: viewerId, bot: viewer?.bot === true });
}

/** Whether a viewer may see the photo that a user shows to those who may not see the others: all may whom the user has not blocked. */
export async function maySeeFallback({ users }: { users: Pick<Users, 'findRow' | 'findRelation'> }, viewerId: bigint, ownerId: bigint): Promise<boolean> {
  if ((await users.findRow(ownerId))?.deleted !== false) return false;
  return viewerId === ownerId || !(await users.findRelation(viewerId, ownerId)).blockedBy;
}
