import { rebuildSearch } from '@aerogram/domain';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';

/** `aerogram search rebuild`: recreates the search rows from the messages. */
export function rebuild(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    const boxes = await rebuildSearch(db);
    options.print(`indexed    the messages of ${boxes} accounts`);
  });
}
