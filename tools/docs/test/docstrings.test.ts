import { expect, test } from 'vitest';
import { checkDocstrings } from '../docstrings.ts';

const found = (...lines: string[]): string[] => checkDocstrings('a.ts', lines.join('\n'));

test('a docstring over two constants is found', () => {
  expect(found('/** The least and the most. */', 'const MIN = 1;', 'const MAX = 2;')).toEqual([expect.stringMatching(/^a\.ts:1: .*two constants/)]);
  expect(found('function f() {', '  /** Waiting. */', '  const a = 1;', '  const b = 2;', '}')).toHaveLength(1);
});

test('a docstring over nothing is found', () => {
  expect(found('/** What this file is for. */', "import { a } from './b.ts';", 'a();')).toEqual([expect.stringMatching(/^a\.ts:1: .*nothing/)]);
  expect(found('/** About something that is gone. */', '', 'const a = 1;')).toHaveLength(1);
  expect(found('/** About something else. */', '/** About a. */', 'const a = 1;')).toHaveLength(1);
});

test('a docstring over one declaration is right', () => {
  expect(found('/** The least. */', 'const MIN = 1;', '/** The most. */', 'const MAX = 2;', '', 'const OTHER = 3;')).toEqual([]);
  expect(found('/** The least. */', 'const MIN = 1;', '', 'const MAX = 2;')).toEqual([]);
  expect(found('/** A method. */', 'export class A {', '  /** One. */ readonly a = 1;', '  readonly b = 2;', '}')).toEqual([]);
});
