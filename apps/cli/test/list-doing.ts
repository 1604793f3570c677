import type { CliCommand } from '../src/cli-command.ts';

/** All commands of a program that do something themselves, by the words that name them. */
export function listDoing(command: CliCommand, path: readonly string[] = []): [string, CliCommand][] {
  const below = (command.commands as CliCommand[]).flatMap((sub) => listDoing(sub, [...path, sub.name()]));
  return command.isDoing ? [[path.join(' '), command], ...below] : below;
}
