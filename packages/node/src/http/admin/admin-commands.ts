import type { Config } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** What a command works with. */
export interface AdminMeans {
  config: Config;
  db: Database;
}

/** A command of the command line, as the admin page calls it. */
export interface AdminCommand {
  /** Whether it only reads, changes something, or writes to everybody. The last two are counted by quotas. */
  does: 'read' | 'change' | 'tell';
  /**
   * Runs the command.
   * @param args as the page sent them; the command checks them
   * @returns the JSON document that the command line prints with `--json`
   * @throws Error (and no class that extends it) that says to the admin what is wrong
   */
  run(means: AdminMeans, args: Readonly<Record<string, unknown>>): Promise<string>;
}

/** The commands of the admin page by name. The programs pass them in, because the command line stands above this package. */
export type AdminCommands = Readonly<Record<string, AdminCommand>>;
