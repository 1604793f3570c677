import type { Incarnation } from '../database/commit-mark.ts';
import type { ClusterView, NodeRow } from './node-store.ts';

/** A node as others see it. */
export interface Member extends Incarnation {
  /** Where it accepts links (host:port); empty if it has not told yet, or is alone. */
  linkAddress: string;
  version: string;
}

const memberOf = ({ name, token, link_address, version }: NodeRow): Member => ({ name, token, linkAddress: link_address, version });

/** Lists those that serve in the current generation, in the order in which the rows were read. */
export const listMembers = ({ nodes }: ClusterView): Member[] => nodes.filter(({ state }) => state === 'serving' || state === 'alone').map(memberOf);

/** Lists those that hold a row and accept links: the members, those that join, and those that leave but still have connections of clients. */
export const listPeers = ({ nodes }: ClusterView): Member[] => nodes.filter(({ link_address }) => link_address !== '').map(memberOf);

/** A text that changes with the nodes of a list. */
export const describeMembers = (members: readonly Member[]): string => members.map(({ token, linkAddress }) => `${token}@${linkAddress}`).join();
