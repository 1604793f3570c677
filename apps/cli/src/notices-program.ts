import { InvalidArgumentError } from 'commander';
import type { CliCommand } from './cli-command.ts';
import { beginMaintenance, endMaintenance, endNotice, sendNotice, showMaintenance, showNotices } from './commands/notices.ts';
import type { CliOptions } from './options.ts';

/** The parsers that all commands share. */
interface Parsers {
  /** Reads a whole number above 0. */
  parseLimit(text: string): number;
  /** Reads a time. @returns milliseconds since 1970 */
  parseMoment(text: string): number;
}

/** Adds the commands about what everybody is told, and about maintenance. */
export function addNoticeCommands(program: CliCommand, options: () => CliOptions, { parseLimit, parseMoment }: Parsers): void {
  const notice = program
    .command('notice')
    .description('writes to everybody from the service chat')
    .argument('<text>', 'at most 4096 characters; links in it can be pressed')
    .option('--to <who>', 'only to this account, by id, phone number or @username')
    .option('--yes', 'to everybody, although the text is a single word', false)
    .action((text: string, { to, yes }: { to?: string; yes: boolean }) => {
      // A mistyped "list" or "stop" would reach everybody, and nothing takes it back.
      if (to === undefined && !yes && /^\S+$/.test(text.trim())) {
        throw new Error(`"${text}" is a single word, and no command of "notice": nobody got it. With --yes it goes to everybody`);
      }
      return sendNotice(options(), text, to);
    });
  notice
    .command('list')
    .description('what was written to everybody, the newest first, and how many have it')
    .option('--limit <n>', 'how many', parseLimit, 20)
    .action(({ limit }: { limit: number }) => showNotices(options(), limit));
  notice
    .command('stop <id>')
    .description('those who do not have it yet do not get it')
    .action((id: string) => endNotice(options(), parseNoticeId(id)));

  const maintenance = program
    .command('maintenance')
    .description('a time in which people can read, and change nothing')
    .action(() => showMaintenance(options()));
  maintenance
    .command('start')
    .description('starts it, or announces it to everybody')
    .option('--at <time>', 'announces it for this time, such as 2026-01-31T18:00:00Z; otherwise it starts now', parseMoment)
    .option('--text <text>', 'what it is for', '')
    .action(({ at, text }: { at?: number; text: string }) => beginMaintenance(options(), { at, text }));
  maintenance
    .command('stop')
    .description('ends it, or takes the announced one back')
    .action(() => endMaintenance(options()));
}

function parseNoticeId(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('a notice has a number');
  return BigInt(text);
}
