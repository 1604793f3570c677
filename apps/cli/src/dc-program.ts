import { InvalidArgumentError } from 'commander';
import { changeHome, initHome, issueTicket, joinHomes, removeHome, showHomes } from './commands/homes.ts';
import { showPlan } from './commands/plan-homes.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

function parseDc(text: string): number {
  if (!/^[1-5]$/.test(text)) throw new InvalidArgumentError('must be the number of a data centre, 1 to 5');
  return Number(text);
}

/** Adds the commands about data centres that form one community (docs/data-centres.md). */
export function addDcCommands(program: CliCommand, options: () => CliOptions): void {
  const dc = program.command('dc').description('the data centres that form one community with this server');
  dc
    .command('init')
    .description('make this server, which must be stopped, the first of several data centres; it decides who has a name')
    .option('--dc <n>', 'its number; by default the one in which its accounts are', parseDc)
    .action(({ dc: given }: { dc?: number }) => initHome(options(), given));
  dc
    .command('ticket')
    .description('add a data centre, and write the file with which it joins; whoever has the file can speak for it')
    .argument('<n>', 'its number, 1 to 5', parseDc)
    .argument('<file>', 'where the ticket is written, for its owner alone')
    .option('--revoke', 'refuse all certificates that it got before, as after a theft: it is cut off until "aerogram dc join" was run there with this ticket', false)
    .action((n: number, file: string, { revoke }: { revoke: boolean }) => issueTicket(options(), n, file, revoke));
  dc
    .command('join <file>')
    .description('make this server, which must be stopped and empty, the data centre that the ticket is for; one that has joined takes its new certificate')
    .action((file: string) => joinHomes(options(), file));
  dc
    .command('list')
    .description('the other data centres, whether their links are up, and what waits for them')
    .action(() => showHomes(options()));
  dc
    .command('plan')
    .description('which program each data centre runs, in the order in which they are brought up to date, and which is next')
    .action(() => showPlan(options()));
  dc
    .command('pause')
    .description('cut the link to a data centre until it is resumed; what people send there waits')
    .argument('<n>', 'its number', parseDc)
    .action((n: number) => changeHome(options(), n, 'pause'));
  dc
    .command('resume')
    .description('mend a link that was paused')
    .argument('<n>', 'its number', parseDc)
    .action((n: number) => changeHome(options(), n, 'resume'));
  dc
    .command('remove')
    .description('end the membership of a data centre for ever; its number is never given to another')
    .argument('<n>', 'its number', parseDc)
    .option('--yes', 'nothing that people sent to one another is brought over any more', false)
    .action((n: number, { yes }: { yes: boolean }) => removeHome(options(), n, yes));
}
