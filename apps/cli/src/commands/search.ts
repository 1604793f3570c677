import { rebuildSearch } from '@aerogram/domain';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';

/** `aerogram search rebuild`: makes the search rows anew from the messages. */
export function rebuild(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    const boxes = await rebuildSearch(db);
    options.print(`indexed    the messages of ${boxes} accounts`);
  });
}
