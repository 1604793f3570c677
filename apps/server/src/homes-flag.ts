import { ConfigError } from '@aerogram/runtime';

const FLAG = '--dcs';
const MAX = 5;

/** The line of the flag for `--help`. */
export const HOMES_USAGE = '  --dcs 2       several data centres on this machine, each in a directory and a process of its own (docs/data-centres.md)';

/**
 * Finds out whether several data centres are to be started. Pure.
 * @returns how many, and the other arguments; undefined if the flag is not there
 * @throws ConfigError if the number is none
 */
export function readHomesFlag(argv: readonly string[]): { count: number; rest: string[] } | undefined {
  const at = argv.findIndex((one) => one === FLAG || one.startsWith(`${FLAG}=`));
  if (at === -1) return undefined;
  const isApart = argv[at] === FLAG;
  const text = isApart ? (argv[at + 1] ?? '') : argv[at]!.slice(FLAG.length + 1);
  if (!/^[1-5]$/.test(text)) throw new ConfigError(`${FLAG} takes how many data centres there are, 1 to ${MAX}`);
  return { count: Number(text), rest: [...argv.slice(0, at), ...argv.slice(at + (isApart ? 2 : 1))] };
}
