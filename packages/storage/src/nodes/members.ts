import type { Incarnation } from '../database/commit-mark.ts';
import type { ClusterView, NodeRow } from './node-store.ts';

/** A node as others see it. */
export interface Member extends Incarnation {
  /** Where it accepts links (host:port); empty if it has not told yet, or is alone. */
  linkAddress: string;
}

const memberOf = ({ name, token, link_address }: NodeRow): Member => ({ name, token, linkAddress: link_address });

/** Lists those that serve in the current generation, in the order in which the rows were read. */
const listMembers = ({ nodes }: ClusterView): Member[] => nodes.filter(({ state }) => state === 'serving' || state === 'alone').map(memberOf);

/** Lists those that hold a row and accept links: the members, those that join, and those that leave but still have connections of clients. */
const listPeers = ({ nodes }: ClusterView): Member[] => nodes.filter(({ link_address }) => link_address !== '').map(memberOf);

/** A text that changes with the nodes of a list. */
const describeMembers = (members: readonly Member[]): string => members.map(({ token, linkAddress }) => `${token}@${linkAddress}`).join();

/** What this node has read last of the cluster. */
export class ReadCluster {
  #view: ClusterView;
  #members: readonly Member[];
  #peers: readonly Member[];

  constructor(view: ClusterView) {
    this.#view = view;
    this.#members = listMembers(view);
    this.#peers = listPeers(view);
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** See `Membership.members`. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** See `Membership.peers`. */
  get peers(): readonly Member[] {
    return this.#peers;
  }

  /** See `Membership.isSettled`. */
  get isSettled(): boolean {
    return this.#view.nodes.every((row) => !row.served || row.seen_generation >= this.#view.generation);
  }

  /** Whether all nodes have dropped what they had read before this barrier was raised. */
  hasPassed(barrier: number): boolean {
    return this.#view.barrier >= barrier && this.#view.nodes.every((row) => row.state === 'joining' || row.seen_barrier >= barrier);
  }

  /** Takes what was read. @returns whether the generation, the members, the peers or `isSettled` have changed */
  read(view: ClusterView): boolean {
    const before = this.#describe();
    this.#view = view;
    const members = listMembers(view);
    if (describeMembers(members) !== describeMembers(this.#members)) this.#members = members;
    const peers = listPeers(view);
    if (describeMembers(peers) !== describeMembers(this.#peers)) this.#peers = peers;
    return this.#describe() !== before;
  }

  #describe(): string {
    return `${this.#view.generation} ${this.isSettled} ${describeMembers(this.#members)} ${describeMembers(this.#peers)}`;
  }
}
