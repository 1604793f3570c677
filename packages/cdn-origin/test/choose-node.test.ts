import { expect, test } from 'vitest';
import { type Candidate, chooseNode } from '../src/choose-node.ts';
import { knownNode } from './known-node.ts';

const candidate = (dc: number, region: string, load = 0, chosenAt = 0): Candidate => ({ node: knownNode({ dc, region }), load, chosenAt });

test('a node of the region comes before one with less to do', () => {
  expect(chooseNode([candidate(203, 'us'), candidate(204, 'eu', 1000)], 'eu')?.dc).toBe(204);
});

test('without a node of the region any is chosen, that with the least to do first', () => {
  const all = [candidate(203, 'us', 1000), candidate(204, 'eu', 10), candidate(205, 'asia', 500)];
  expect(chooseNode(all, 'africa')?.dc).toBe(204);
  expect(chooseNode(all, undefined)?.dc).toBe(204);
});

test('of equal ones that is chosen which was not chosen for longest', () => {
  expect(chooseNode([candidate(203, '', 0, 8), candidate(204, '', 0, 3), candidate(205, '', 0, 5)], '')?.dc).toBe(204);
});

test('without candidates none is chosen', () => {
  expect(chooseNode([], 'eu')).toBeUndefined();
});
