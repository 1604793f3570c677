import { rebuildSearch } from '@aerogram/domain';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

/** `aerogram search rebuild`: recreates the search rows from the messages. */
export function rebuild(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const boxes = await rebuildSearch(db);
    return { value: { accounts: boxes }, lines: [`indexed    the messages of ${boxes} accounts`] };
  });
}
