import type { NodeFacts } from '@aerogram/storage';
import { expect, test } from 'vitest';
import { describeDifference } from '../src/join-nodes.ts';

const facts: NodeFacts = { schema: 1, hintNames: 1, rsaKeys: ['aa', 'bb'], masterKeys: ['11', '22'], clusterKey: 'k', settings: { AEROGRAM_A: 'x', AEROGRAM_B: 'y' }, filesMark: null };
const differenceTo = (other: Partial<NodeFacts>): string | undefined => describeDifference(facts, { name: 'n', host: 'h', facts: { ...facts, ...other } });

test('nodes with the same keys and settings do not differ', () => {
  expect(differenceTo({})).toBeUndefined();
  expect(differenceTo({ masterKeys: ['22', '11'] })).toBeUndefined();
});

test('other keys are told with those of both nodes', () => {
  expect(differenceTo({ rsaKeys: ['cc'] })).toContain('fingerprints cc, those of this server aa, bb');
  expect(differenceTo({ masterKeys: ['33'] })).toContain('ids 33, those of this server 11, 22');
});

test('another key of the cluster is told before settings, whose hashes depend on it', () => {
  expect(differenceTo({ clusterKey: 'l', settings: {} })).toContain('its cluster.key is another one');
});

test('settings that differ are told by name, not by value', () => {
  expect(differenceTo({ settings: { AEROGRAM_A: 'z', AEROGRAM_B: 'y' } })).toBe('these settings differ: AEROGRAM_A');
});

test('a setting that only the newer program knows does not differ', () => {
  expect(differenceTo({ settings: { AEROGRAM_A: 'x', AEROGRAM_B: 'y', AEROGRAM_C: 'w' } })).toBeUndefined();
  expect(differenceTo({ settings: { AEROGRAM_A: 'x' } })).toBeUndefined();
});

test('nodes of two clusters of data centres differ, and a program that does not tell its one does not', () => {
  const own = { ...facts, homeAuthority: 'a' };
  const reasonBeside = (homeAuthority: string | null | undefined): string | undefined =>
    describeDifference(own, { name: 'n', host: 'h', facts: homeAuthority === undefined ? facts : { ...facts, homeAuthority } });
  expect(reasonBeside('a')).toBeUndefined();
  expect(reasonBeside(undefined)).toBeUndefined();
  expect(reasonBeside('b')).toContain('its home.json is of another cluster of data centres');
});
