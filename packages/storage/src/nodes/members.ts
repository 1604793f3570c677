import type { Incarnation } from '../database/commit-mark.ts';
import type { ClusterView } from './node-store.ts';

/** A node that serves in the current generation. */
export interface Member extends Incarnation {
  linkAddress: string;
  httpAddress: string;
  version: string;
}

/** Lists those that serve, in the order in which the rows were read. */
export function listMembers({ nodes }: ClusterView): Member[] {
  return nodes
    .filter(({ state }) => state === 'serving' || state === 'alone')
    .map(({ name, token, ...row }) => ({ name, token, linkAddress: row.link_address, httpAddress: row.http_address, version: row.version }));
}

/** A text that changes with the members. A token belongs to one process, which has the same addresses all the time. */
export const describeMembers = (members: readonly Member[]): string => members.map(({ token }) => token).join();
