import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

// JavaScript, because it makes packages before anything is compiled; so its type is said here.
const path: string = '../../package.mjs';
const { listBeside } = (await import(path)) as { listBeside: () => string[] };

const root = findRepositoryRoot();

/** Files and folders that a page links to, as paths in the repository. */
function listLinked(page: string): string[] {
  const prose = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.replace(/#.*/, ''));
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target)).map((target) => normalize(join(dirname(page), target)));
}

test('the package for operators holds what its pages link to', () => {
  const files = listBeside();
  const isThere = (target: string): boolean => files.some((file) => file === target || file.startsWith(`${target}/`));
  const links = files.filter((file) => file.endsWith('.md')).flatMap((page) => listLinked(page).map((target) => ({ page, target })));
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(({ target }) => !isThere(target))).toEqual([]);
});
