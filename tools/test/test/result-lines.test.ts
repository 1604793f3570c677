import { expect, test } from 'vitest';

// JavaScript, because test commands run before anything is compiled; so its types are said here.
const path: string = '../result-lines.mjs';
const { describeFailures, shortenMessage } = (await import(path)) as {
  describeFailures(failures: { name: string; details?: string[] }[]): string[];
  shortenMessage(message?: string): string[];
};

test('of a message the first lines stay, and the first place outside of libraries', () => {
  const message = 'AssertionError: expected 1 to be 2\n\n  - 2\n  + 1\n    at Proxy.toBe (/a/node_modules/vitest/index.js:1:2)\n    at /a/tests/scenarios/x.test.ts:3:4\n    at /a/y.ts:5:6';
  expect(shortenMessage(message)).toEqual(['    AssertionError: expected 1 to be 2', '    - 2', '    + 1', '    at /a/tests/scenarios/x.test.ts:3:4']);
  expect(shortenMessage(Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n'))).toHaveLength(5);
  expect(shortenMessage()).toEqual([]);
});

test('all names of failed tests are printed before there is room for their messages', () => {
  const failures = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `test ${i}`, details: ['    a', '    b'] }));
  expect(describeFailures(failures(2))).toEqual(['test 0', '    a', '    b', 'test 1', '    a', '    b']);
  const many = describeFailures(failures(30));
  expect(many).toHaveLength(40);
  expect(many.filter((line) => line.startsWith('test'))).toHaveLength(30);
  expect(describeFailures(failures(100)).slice(-2)).toEqual(['test 39', '… and 60 more']);
});
