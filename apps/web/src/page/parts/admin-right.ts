import type { AdminRight, Peer } from '../../protocol/index.ts';

/** Whether the account may do something as an admin of a group or channel. Pure. */
export const mayAsAdmin = (peer: Peer | undefined, right: AdminRight): boolean => peer?.isMember === true && (peer.isCreator === true || peer.adminRights?.includes(right) === true);

/** Whether there is something of a group or channel that the account may change. Pure. */
export const mayManage = (peer: Peer | undefined): boolean => peer !== undefined && peer.kind !== 'user' && peer.isMember === true && (peer.isAdmin === true || peer.rights.changeInfo);
