import { expect, test } from 'vitest';

interface Problem {
  file: string;
  message: string;
}

type Graph = Map<string, string[]>;

// JavaScript, because the check runs before anything is compiled; so its types are said here.
const path: string = '../../folder-order.mjs';
const { findMutualImports, findUpwardImports } = (await import(path)) as {
  findUpwardImports(graph: Graph, options: { src: string; order: string[][]; whose: string }): Problem[];
  findMutualImports(graph: Graph, options: { src: string; allowed?: string[] }): Problem[];
};

const ORDER = [['ground'], ['people', 'files'], ['history'], ['app']];

/** Files below /src with what they import. */
const graphOf = (files: Record<string, string[]>): Graph =>
  new Map(Object.entries(files).map(([file, targets]) => [`/src/${file}`, targets.map((target) => `/src/${target}`)]));

const upward = (files: Record<string, string[]>): string[] =>
  findUpwardImports(graphOf(files), { src: '/src', order: ORDER, whose: 'the page' }).map(({ file, message }) => `${file} ${message}`);

const mutual = (files: Record<string, string[]>, allowed: string[] = []): string[] =>
  findMutualImports(graphOf(files), { src: '/src', allowed }).map(({ file, message }) => `${file} ${message}`);

test('a folder imports from earlier lines, and from the left of its own line', () => {
  expect(upward({ 'app/home.tsx': ['history/list.tsx', 'ground/link.ts'], 'files/file.ts': ['people/name.ts', 'files/size.ts'] })).toEqual([]);
});

test.each([
  ['a later line', 'ground/link.ts', 'app/home.tsx'],
  ['the right of its own line', 'people/name.ts', 'files/size.ts'],
])('a folder does not import from %s', (_where, file, target) => {
  expect(upward({ [file]: [target] })).toEqual([`/src/${file} imports ${target}, which does not come earlier in the order of the page`]);
});

test('a new folder needs a place in the order', () => {
  expect(upward({ 'calls/call.tsx': ['ground/link.ts'] })).toEqual(['/src/calls/call.tsx folder "calls" has no place in the order of the page in tools/imports.mjs']);
});

test('a file belongs into a folder', () => {
  expect(upward({ 'main.ts': ['app/home.tsx'] })).toEqual(['/src/main.ts stands in no folder']);
});

test('two folders that import each other are reported once, with one import in each direction', () => {
  const files = { 'a/one.ts': ['b/inner/two.ts'], 'a/three.ts': ['b/four.ts'], 'b/four.ts': ['a/five.ts'] };
  expect(mutual(files)).toEqual(['/src/a/one.ts imports b/inner/two.ts, and b/four.ts imports a/five.ts: folders do not import each other']);
});

test('files that stand in no folder, and other packages, make no pair', () => {
  const graph = graphOf({ 'a/one.ts': ['index.ts', 'b/two.ts'], 'index.ts': ['a/one.ts'], 'b/two.ts': [] });
  graph.set('/other/b/three.ts', ['/src/a/one.ts']);
  expect(findMutualImports(graph, { src: '/src' })).toEqual([]);
});

test('a pair that is named may stay, and must be taken out of the list when it is gone', () => {
  const files = { 'a/one.ts': ['b/two.ts'], 'b/three.ts': ['a/four.ts'] };
  expect(mutual(files, ['a b'])).toEqual([]);
  expect(mutual({ 'a/one.ts': ['b/two.ts'] }, ['a b'])).toEqual(['/src the folders "a b" no longer import each other: take them out of MUTUAL_FOLDERS in tools/imports.mjs']);
});
