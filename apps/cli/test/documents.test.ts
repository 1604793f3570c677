import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { describe, expect, test } from 'vitest';
import type { CliCommand } from '../src/cli-command.ts';
import { createProgram } from '../src/program.ts';

/** The pages that operators read. */
const PAGES = ['README.md', 'SECURITY.md', 'docs/bad-days.md', 'docs/bots.md', 'docs/cdn.md', 'docs/cluster.md', 'docs/data-centres.md', 'docs/files.md', 'docs/log-in.md', 'docs/operations.md', 'docs/operators.md', 'docs/storage.md'];
const CALL = /^(?:\$ )?(?:npm run aerogram --|node dist\/aerogram\.js|aerogram) (?:--data-dir \S+ )?([^#]*)/;

/** Words of a command; a quoted text is one. */
const wordsOf = (command: string): string[] => [...command.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word);

/** Commands in the blocks for a shell, which are complete, and those in sentences, which may lack arguments. */
function listCalls(page: string): { complete: string[][]; named: string[][] } {
  const text = readFileSync(join(findRepositoryRoot(), page), 'utf8');
  const blocks = [...text.matchAll(/^```(?:sh|bash|console)\n([^]*?)^```/gm)].flatMap(([, block]) => block!.split('\n'));
  const inline = [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/`(aerogram [^`\n]+)`/g)].map(([, code]) => code!);
  const find = (lines: string[]): string[][] => lines.flatMap((line) => CALL.exec(line)?.[1] ?? []).map(wordsOf);
  return { complete: find(blocks), named: find(inline) };
}

/** What is wrong with a command; undefined if the program knows it. */
function findFault(program: CliCommand, words: readonly string[], isComplete: boolean): string | undefined {
  const rest = [...words];
  let command = program;
  for (;;) {
    const below = (command.commands as CliCommand[]).find((one) => one.name() === rest[0] || one.aliases().includes(rest[0]!));
    if (below === undefined) break;
    command = below;
    rest.shift();
  }
  let given = 0;
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (!word.startsWith('-') || /^-\d/.test(word)) {
      given++;
      continue;
    }
    const option = [...command.options, ...program.options].find(({ long, short }) => long === word || short === word);
    if (option === undefined && word !== '--help') return `no option ${word}`;
    if (option?.required === true) rest.shift();
  }
  const { registeredArguments: known, isDoing } = command;
  if (!isDoing && (given > 0 || (isComplete && !words.includes('--help') && !words.includes('--version')))) return 'no such command';
  if (given > known.length && !known.some(({ variadic }) => variadic)) return 'too many arguments';
  return isComplete && !words.includes('--help') && given < known.filter(({ required }) => required).length ? 'too few arguments' : undefined;
}

describe('the commands in', () => {
  const program = createProgram({}, () => {});

  test.each(PAGES)('%s are commands of the program', (page) => {
    const { complete, named } = listCalls(page);
    const faults = [...complete.map((words) => ({ words, fault: findFault(program, words, true) })), ...named.map((words) => ({ words, fault: findFault(program, words, false) }))];
    expect(faults.filter(({ fault }) => fault !== undefined).map(({ words, fault }) => `${words.join(' ')}: ${fault}`)).toEqual([]);
    expect(faults.length).toBeGreaterThan(0);
  });

  test('a page that are wrong are found', () => {
    expect(findFault(program, ['user', 'shw', '7'], false)).toBe('no such command');
    expect(findFault(program, ['user', 'ban', '7', '--end-sessions'], true)).toBe('no option --end-sessions');
    expect(findFault(program, ['user', 'ban'], true)).toBe('too few arguments');
    expect(findFault(program, ['user', 'ban', '7', '8'], true)).toBe('too many arguments');
    expect(findFault(program, ['user', 'logout', '7', '--device', '2'], true)).toBeUndefined();
  });
});
