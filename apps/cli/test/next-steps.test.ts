import { expect, test } from 'vitest';
import { listNextSteps, type Situation } from '../src/commands/next-steps.ts';
import { progressLine } from '../src/progress.ts';

const nowMs = Date.UTC(2026, 0, 10);
const daysAgo = (days: number): string => new Date(nowMs - days * 86_400_000).toISOString();
const good = (days: number): { finished_at: string; directory: string; bytes: number; seconds: number; scheduled: boolean } => ({ finished_at: daysAgo(days), directory: '/b', bytes: 1, seconds: 1, scheduled: true });

const CALM: Situation = {
  nowMs,
  isRunning: true,
  readyMs: nowMs - 86_400_000,
  schema: { present: 5, newest: 5, isUsable: true },
  backups: { last: { good: good(1) }, scheduled: undefined },
  diskPercent: 50,
  newKeys: 0,
  problems: [],
  deadJobs: 0,
  isArchiveFailing: false,
};

test('says nothing where there is nothing to do', () => {
  expect(listNextSteps(CALM)).toEqual([]);
  expect(listNextSteps({ ...CALM, backups: undefined })).toEqual([]);
});

test.each<[string, Partial<Situation>, string]>([
  ['a schema that is older', { schema: { present: 4, newest: 5, isUsable: true } }, 'the database schema is older (4)'],
  ['a schema that is too new', { schema: { present: 6, newest: 5, isUsable: false } }, 'run the newer program'],
  ['a full disk', { diskPercent: 91 }, 'the disk is 91 % full'],
  ['an archive that fails', { isArchiveFailing: true }, 'cannot be archived'],
  ['no backup ever', { backups: { last: {}, scheduled: undefined } }, 'no backup was made yet: "aerogram backup DIR"'],
  ['an old backup', { backups: { last: { good: good(3) }, scheduled: undefined } }, 'no backup for 3 days'],
  ['scheduled backups that stopped', { backups: { last: { good: good(15) }, scheduled: { everyMs: 7 * 86_400_000 } } }, 'no backup for 15 days: see the log'],
  ['a failed backup', { backups: { last: { good: good(1), failure: { at: daysAgo(0), reason: 'no room' } }, scheduled: { everyMs: 1 } } }, 'failed: no room'],
  ['a relay of calls without its port', { problems: ['calls cannot be relayed: another program has UDP port 4450'] }, 'calls cannot be relayed'],
  ['a new key', { newKeys: 1 }, 'a new key waits'],
  ['dead jobs', { deadJobs: 2 }, '2 dead jobs'],
  ['a stopped server', { isRunning: false }, 'the server does not run'],
])('tells of %s', (_what, change, words) => {
  expect(listNextSteps({ ...CALM, ...change })).toEqual([expect.stringContaining(words)]);
});

test('the first scheduled backup has an hour', () => {
  const never = { ...CALM, backups: { last: {}, scheduled: { everyMs: 86_400_000 } } };
  expect(listNextSteps({ ...never, readyMs: nowMs - 13_000 })).toEqual([]);
  for (const readyMs of [nowMs - 3_600_000, undefined]) expect(listNextSteps({ ...never, readyMs })).toEqual([expect.stringContaining('no backup was made yet: see the log')]);
});

test('a weekly schedule does not count as late after three days', () => {
  expect(listNextSteps({ ...CALM, backups: { last: { good: good(8) }, scheduled: { everyMs: 7 * 86_400_000 } } })).toEqual([]);
});

test('a bar shows how far a command is, where it is known how much there is', () => {
  expect(progressLine({ what: 'copying', done: 1, total: 4, bytes: 2 ** 20 })).toBe(`copying [${'#'.repeat(6)}${'-'.repeat(18)}] 25 %, 1 of 4, 1.0 MiB`);
  expect(progressLine({ what: 'copying', done: 9, total: 4, bytes: 0 })).toContain('100 %');
  expect(progressLine({ what: 'copying files', done: 9, total: undefined, bytes: 0 })).toBe('copying files: 9, 0.0 MiB');
});
