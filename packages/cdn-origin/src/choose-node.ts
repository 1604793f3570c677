import type { KnownNode } from './cdn-nodes.ts';

/** A node that can be chosen now. */
export interface Candidate {
  node: KnownNode;
  /** Bytes on the way to it. */
  load: number;
  /** Increases with each choice: when it was last chosen. */
  chosenAt: number;
}

/**
 * Chooses a node: of the region before others, then the one with the fewest bytes on the way to it, then the one that was not chosen for
 * longest. Pure.
 */
export function chooseNode(candidates: readonly Candidate[], region: string | undefined): KnownNode | undefined {
  const near = region === undefined || region === '' ? [] : candidates.filter(({ node }) => node.region === region);
  const [first, ...others] = near.length > 0 ? near : candidates;
  if (first === undefined) return undefined;
  return others.reduce((best, other) => (other.load < best.load || (other.load === best.load && other.chosenAt < best.chosenAt) ? other : best), first).node;
}
