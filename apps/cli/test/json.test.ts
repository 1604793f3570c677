import { describe, expect, it } from 'vitest';
import type { Command } from 'commander';
import { CliCommand } from '../src/cli-command.ts';
import type { Output } from '../src/output.ts';
import { createProgram } from '../src/program.ts';

/** All commands below one that do something themselves. */
function leavesOf(command: Command, path: readonly string[] = []): [string, Command][] {
  const below = command.commands.flatMap((sub) => leavesOf(sub, [...path, sub.name()]));
  return below.length === 0 ? [[path.join(' '), command]] : below;
}

/** Runs a program with one command, `do`. */
async function run(output: Output, ...args: string[]): Promise<{ lines: string[]; failure: unknown; given: unknown[] }> {
  const lines: string[] = [];
  let given: unknown[] = [];
  const program = new CliCommand('test', (line) => void lines.push(line));
  program.command('do <what>').option('--more', 'more', false).action((...args) => {
    given = args.slice(0, 2);
    return output;
  });
  const failure = await program.parseAsync(['do', ...args], { from: 'user' }).then(() => undefined, (error: unknown) => error);
  return { lines, failure, given };
}

describe('the output of commands', () => {
  const output = { value: { id: 2n ** 63n - 1n, devices: 1, none: null }, lines: ['one', 'two'] };

  it('is for people by default, and one document with --json', async () => {
    expect(await run(output, 'it')).toEqual({ lines: ['one', 'two'], failure: undefined, given: ['it', { more: false }] });
    const { lines, given } = await run(output, 'it', '--json', '--more');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({ id: '9223372036854775807', devices: 1, none: null });
    expect(given).toEqual(['it', { more: true }]);
  });

  it('comes before the failure of a command that found something wrong', async () => {
    const { lines, failure } = await run({ ...output, failure: 'three are bad' }, 'it', '--json');
    expect(lines).toHaveLength(1);
    expect(failure).toEqual(new Error('three are bad'));
  });

  it('is there for programs in every command', () => {
    const leaves = leavesOf(createProgram({}, () => {}));
    expect(leaves.length).toBeGreaterThan(50);
    for (const [path, command] of leaves) expect(command.options.map(({ long }) => long), path).toContain('--json');
  });
});
