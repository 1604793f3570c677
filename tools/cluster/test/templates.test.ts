import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fillTemplate, parseEnvironment } from '../fill-template.ts';

test('names are replaced, and a line with a list is repeated for each entry', () => {
  const template = 'bind {{front}} as {{front}}\n  server {{each-name}} {{each-address}} source {{proxy}}\nend';
  const values = { front: ':1', proxy: '127.0.0.2', 'each-name': ['a', 'b'], 'each-address': ['x:1', 'y:2'] };
  expect(fillTemplate(template, values)).toBe('bind :1 as :1\n  server a x:1 source 127.0.0.2\n  server b y:2 source 127.0.0.2\nend');
  expect(fillTemplate('before\n{{each}}\nafter', { each: [] })).toBe('before\nafter');
});

test('a value may hold what would be a name', () => {
  expect(fillTemplate('{{a}}', { a: '{{b}}$&' })).toBe('{{b}}$&');
});

test('a name without a value, and lists that do not fit together, are refused', () => {
  expect(() => fillTemplate('{{port}}', {})).toThrow('{{port}}');
  expect(() => fillTemplate('{{a}} {{b}}', { a: ['1'], b: ['1', '2'] })).toThrow('different lengths');
});

test('settings are read from lines, which may hold more signs of equality', () => {
  expect(parseEnvironment('# a comment\nA=1\n\nURL=postgres://x?y=z\n')).toEqual({ A: '1', URL: 'postgres://x?y=z' });
});

test('the page about real machines explains each name in the files', () => {
  const folder = fileURLToPath(new URL('../../../deploy/cluster', import.meta.url));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const names = readdirSync(folder).filter((name) => name !== 'README.md').flatMap((name) => read(name).match(/\{\{[a-z0-9-]+\}\}/g) ?? []);
  const page = read('README.md');
  expect(names.length).toBeGreaterThan(30);
  expect([...new Set(names)].filter((name) => !page.includes(name.slice(2, -2)))).toEqual([]);
});
