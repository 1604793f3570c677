import type { tl } from '@aerogram/tl';

import type { AccessUser } from '../access/index.ts';
import type { BoxWriter } from '../events/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Relation } from '../relations/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';

/** What messages, dialogs and updates are built from: the domain's means, and people. */
export interface MessagingDeps extends Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'log' | 'pageFetcher'>, BoxWriter {
  config: Pick<DomainConfig, 'workers'>;
  users: {
    /** Each of `ids` once, as `viewerId` sees them. */
    projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
    projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined;
    findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>;
    /** What lies between the two: who has, and who blocked whom. */
    findRelation(viewerId: bigint, targetId: bigint): Promise<Relation>;
    isOnlineShown(viewerId: bigint, userId: bigint): Promise<boolean>;
  };
  privacy: {
    /** Whether a message of `ownerId` that `viewerId` forwards links to its author. */
    mayLinkForward(ownerId: bigint, viewerId: bigint): Promise<boolean>;
    /** Of it, whether others may know when the user read something; who hides it does not learn it either. */
    findSettings(userId: bigint): Promise<{ hide_read_marks: boolean }>;
  };
  accessUser: AccessUser;
  sendLimits: SendLimits;
  notifications: {
    /** Notification settings by marked peer; every peer is answered. */
    findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>>;
  };
}
