import { describe, expect, test } from 'vitest';
import { checkNames, checkRules, checkRuleWords, type Known } from '../citations.ts';

const known: Known = {
  rules: new Set(['P11', 'S3']),
  files: ['docs/rules.md', 'docs/adr/0001-pg.md', 'packages/a/src/box-store.ts', 'packages/a/src/sub/dispatcher.ts', 'packages/a/test/db/x.test.ts'],
  namesOf: new Map([
    ['packages/a/src/box-store.ts', new Set(['addMessage'])],
    ['packages/a/src/sub/dispatcher.ts', new Set(['run'])],
  ]),
};
/** Kept apart from the numbers below: the check also reads this file. */
const RULE = 'rule';

const check = (line: string, dir = 'docs'): string[] => checkNames(line, dir, known);

describe('cited rules', () => {
  test('a rule of docs/rules.md may be cited, alone or in a list', () => {
    expect(checkRules('Pushes go to one session (rule P11); rules P11 and S3 say how. The rules of privacy are others.', known)).toEqual([]);
  });

  test('a number that is not there is a mistake, also in a list or without its letter', () => {
    expect(checkRules(`See ${RULE} P99.`, known)).toEqual([`docs/rules.md has no ${RULE} P99`]);
    expect(checkRules(`${RULE}s P11, S3 and S99`, known)).toEqual([`docs/rules.md has no ${RULE} S99`]);
    expect(checkRules(`test('${RULE} 11: …')`, known)).toEqual([`docs/rules.md has no ${RULE} 11`]);
  });
});

describe('a cited rule', () => {
  test('says what it is about', () => {
    expect(checkRuleWords(`Pushes go to one session (${RULE} P11, one receiver). ${RULE} P11: no.`)).toEqual([]);
    expect(checkRuleWords(`Pushes go to one session (${RULE} P11).`)).toEqual([`say in two words what ${RULE} P11 is about, as in "(rule P11, one receiver)"`]);
  });
});

describe('cited files', () => {
  test('a base name, the end of a path, a pattern and a folder may be cited', () => {
    expect(check('box-store.ts, `sub/dispatcher.ts`, `*-store.ts`, `packages/*/test/db`, ../adr/0001-pg.md, `packages/a/`.')).toEqual([]);
  });

  test('what is not there is a mistake', () => {
    expect(check('`flood.ts` counts')).toEqual(['there is no file flood.ts']);
    expect(check('see other/dispatcher.ts')).toEqual(['there is no file other/dispatcher.ts']);
    expect(check('in `packages/b/src`')).toEqual(['there is no packages/b/src']);
  });

  test('links lead to files or folders beside the page', () => {
    expect(check('[rules](rules.md#ids), [decisions](adr), [other](https://example.com/a.md), [here](#ids)')).toEqual([]);
    expect(check('[rules](../rules.md)')).toEqual(['the link leads nowhere: ../rules.md']);
  });
});

describe('cited functions', () => {
  test('a function may be anywhere in the code', () => {
    expect(check('`addMessage()` and `dispatcher.run(call)`')).toEqual([]);
    expect(check('`addMassage()`')).toEqual(['there is no addMassage() in the code']);
  });

  test('in a table row that names one file, the function must be in that file', () => {
    expect(check('| `box-store.ts` | `addMessage()` |')).toEqual([]);
    expect(check('| `box-store.ts` | `run()` |')).toEqual(['there is no run() in packages/a/src/box-store.ts']);
  });
});
