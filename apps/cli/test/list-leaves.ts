import type { Command } from 'commander';

/** All commands below one that do something themselves, by the words that name them. */
export function listLeaves(command: Command, path: readonly string[] = []): [string, Command][] {
  const below = command.commands.flatMap((sub) => listLeaves(sub, [...path, sub.name()]));
  return below.length === 0 ? [[path.join(' '), command]] : below;
}
