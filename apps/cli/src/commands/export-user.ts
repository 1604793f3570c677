import { noteExport } from '@aerogram/domain';
import { openAccountReader } from '@aerogram/node';
import { createLogger, systemClock } from '@aerogram/runtime';

import { exportAccount, openDirectory } from '../export/export-account.ts';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { requireLivingAccount } from './find-account.ts';

/** `aerogram user export`: writes the data of an account into a directory, and tells its owner. */
export function exportUser(options: CliOptions, wanted: string, { dir, withFiles }: { dir: string; withFiles: boolean }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: userId } = await requireLivingAccount(db, wanted);
    await openDirectory(dir);
    await noteExport(db, userId, systemClock.now());
    await using reader = await openAccountReader({ config: options.config, db, log: createLogger({ level: 'warn' }) }, userId);
    using progress = new Progress('reading messages');
    const exported = await exportAccount(reader, dir, { withFiles, onMessage: () => progress.step(0) });
    const { chats, messages, files } = exported;
    return { value: { id: userId, ...exported, directory: dir }, lines: [`${chats} chats, ${messages} messages, ${files} files; open ${dir}/index.html`] };
  });
}
