import type { tl } from '@aerogram/tl';

import type { DomainDeps } from './deps.ts';
import type { AccessUser } from './peers/access-user.ts';

/** What messages, dialogs and updates are built from: the domain's means, and people. */
export interface MessagingDeps extends Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'log'> {
  users: {
    /** Each of `ids` once, as `viewerId` sees them. */
    projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
  };
  accessUser: AccessUser;
  notifications: {
    /** Notification settings by marked peer; every peer is answered. */
    findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>>;
  };
}
