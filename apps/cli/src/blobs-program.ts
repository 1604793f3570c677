import { blockBlob, deleteBlob, type DeleteChoice, showFileHash, showBlockedBlobs, unblockBlob } from './commands/moderate-blobs.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands by which operators delete and block files of users. @param parseLimit reads a whole number above 0 */
export function addModerationCommands(blobs: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  blobs
    .command('delete <file>')
    .description('delete a file everywhere, by its hash or by the id of a document that has it; messages stay, but nobody can load it any longer')
    .option('--block', 'also refuse it from now on', false)
    .option('--yes', 'really delete it', false)
    .action((file: string, choice: DeleteChoice) => deleteBlob(options(), file, choice));
  blobs
    .command('block <file>')
    .description('refuse a file from now on, by its hash ("blobs hash") or by the id of a document that has it')
    .action((file: string) => blockBlob(options(), file));
  blobs
    .command('unblock <file>')
    .description('permit a blocked file again')
    .action((file: string) => unblockBlob(options(), file));
  blobs
    .command('list-blocked')
    .description('the hashes of blocked files, the latest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => showBlockedBlobs(options(), limit));
  blobs
    .command('hash <path>')
    .description('the hash by which a file on this disk can be blocked')
    .action((path: string) => showFileHash(path));
}
