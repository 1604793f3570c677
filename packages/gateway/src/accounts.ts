import { CpuBudget } from './cpu-budget.ts';

/** What all connections of one user share, whatever keys and sessions they use. */
export interface Account {
  readonly userId: bigint;
  /** Names the account where threads and memory are shared out. */
  readonly name: string;
  readonly cpu: CpuBudget;
}

interface Entry extends Account {
  connections: number;
}

/** The name that all who are not logged in share. */
export const GUESTS = 'guests';

/** The name of an account, where threads and memory are shared out. */
export function nameAccount(userId: bigint | undefined): string {
  return userId === undefined ? GUESTS : `user${userId}`;
}

/** The accounts that have connections in this process. */
export class Accounts {
  readonly #entries = new Map<bigint, Entry>();
  /** Those that have no connection any more. */
  readonly #left = new Set<Entry>();

  /** Adds a connection to the account of a user; `leave` must follow. @param before the connection's own budget, whose use the account takes over */
  join(userId: bigint, before?: CpuBudget): Account {
    let entry = this.#entries.get(userId);
    if (!entry) this.#entries.set(userId, (entry = { userId, name: nameAccount(userId), cpu: new CpuBudget(), connections: 0 }));
    entry.connections += 1;
    this.#left.delete(entry);
    if (before) entry.cpu.takeOver(before);
    return entry;
  }

  /** Removes a connection from its account. */
  leave({ userId }: Account): void {
    const entry = this.#entries.get(userId);
    if (!entry) return;
    entry.connections -= 1;
    if (entry.connections === 0) this.#left.add(entry);
  }

  /** Forgets accounts without connections, but none before it has earned back what it used: a client could just connect again. */
  sweep(): void {
    for (const entry of this.#left) {
      if (!entry.cpu.isFresh) continue;
      this.#left.delete(entry);
      this.#entries.delete(entry.userId);
    }
  }

  get size(): number {
    return this.#entries.size;
  }
}
