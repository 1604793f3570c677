import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

// JavaScript, because test commands run before anything is compiled; so the types are said here.
const path: string = '../two-homes.mjs';
const { judgeHomes, readList, readNoted } = (await import(path)) as {
  judgeHomes(text: string, noted: Map<string, Set<string>>, isWhole: boolean): string[];
  readList(text: string): { known: Set<string>; faults: string[] };
  readNoted(directory: string): Map<string, Set<string>>;
};

const root = findRepositoryRoot();

const LIST = `# A comment.
[private]
send: both people have a copy

[channels]
join: the dialog is written with the membership
`;
const noted = (...operations: string[]): Map<string, Set<string>> => new Map(operations.map((operation) => [operation, new Set()]));
const KNOWN = noted('homes send', 'users join');

test('an operation that is not in the list is a difference, also if it is known for something else', () => {
  expect(judgeHomes(LIST, KNOWN, true)).toEqual([]);
  const more = new Map([...KNOWN, ['users send', new Set(['dialogs', 'counters'])], ...noted('homes wave')]);
  expect(judgeHomes(LIST, more, false)).toEqual([
    'the operation wave locks counters of two homes, and is not in tests/two-homes.txt',
    'the operation send changes a channel together with rows of users (counters, dialogs), and is not in tests/two-homes.txt',
  ]);
});

test('a line that nothing stands for any more is a difference, but only in a whole run', () => {
  const run = noted('users join');
  expect(judgeHomes(LIST, run, false)).toEqual([]);
  expect(judgeHomes(LIST, run, true)).toEqual(['no test has seen that the operation send locks counters of two homes: its line in tests/two-homes.txt can go']);
});

test('an operation that tells the other home may lock counters of two homes, and a whole run must have seen it tell', () => {
  const list = `[told]\nedit: the other home gets the text\n${LIST}`;
  expect(judgeHomes(list, new Map([...KNOWN, ...noted('homes edit', 'told edit', 'told other')]), true)).toEqual([]);
  expect(judgeHomes(list, new Map([...KNOWN, ...noted('homes edit')]), false)).toEqual([]);
  expect(judgeHomes(list, new Map([...KNOWN, ...noted('homes edit')]), true)).toEqual(['no test has seen that the operation edit tells another home by effects: its line in tests/two-homes.txt can go']);
  expect(judgeHomes(list, new Map([...KNOWN, ...noted('told edit', 'users edit')]), true)).toEqual(['the operation edit changes a channel together with rows of users, and is not in tests/two-homes.txt']);
  expect(readList(`[private]\nedit: both copies change\n[told]\nedit: the other home gets the text\n`).faults).toEqual(['tests/two-homes.txt:4 names edit once more']);
});

test('the list is refused if a line has no reason, no operation or no section, or stands there twice', () => {
  expect(judgeHomes('[private]\nsend:\n[others]\nwave: a\n[groups]\nadd: a\nadd: b\nnothing\n', noted('homes add'), true)).toEqual([
    'tests/two-homes.txt:2 has no reason for send',
    'tests/two-homes.txt:3 names a section that does not exist: others',
    'tests/two-homes.txt:4 names wave outside of the sections',
    'tests/two-homes.txt:7 names add once more',
    'tests/two-homes.txt:8 is not "operation: reason"',
  ]);
});

test('what several processes have noted is put together', () => {
  const directory = mkdtempSync(join(tmpdir(), 'aerogram-homes-'));
  writeFileSync(join(directory, '1.txt'), 'homes send\nusers join counters dialogs\n');
  writeFileSync(join(directory, '2.txt'), 'users join dialogs\nusers join messages\n');
  expect(readNoted(directory)).toEqual(new Map([['homes send', new Set()], ['users join', new Set(['counters', 'dialogs', 'messages'])]]));
  rmSync(directory, { recursive: true });
  expect(readNoted(directory)).toEqual(new Map());
});

/** The functions whose first argument, or its field `name`, names a transaction. */
const NAMING = /\b(?:transact|transactOrRefuse|writeBoxes|writeFoundBoxes|writeDialog|changeChannel|changeGroup|changeBars|change|lock|open|enter)\s*\(\s*(?:\w+,\s*)?(?:\{\s*name:\s*)?'([a-z]+(?:-[a-z]+)*)'/g;

test('each operation of the domain has a name of its own, and those of the list exist', () => {
  const src = join(root, 'packages/domain/src');
  const texts = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(src, name), 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(NAMING)].map((match) => match[1]!));
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  const { known, faults } = readList(readFileSync(join(root, 'tests/two-homes.txt'), 'utf8'));
  expect(faults).toEqual([]);
  const source = texts.join('\n');
  expect([...known].map((each) => each.split(' ')[1]!).filter((name) => !source.includes(`'${name}'`))).toEqual([]);
});
