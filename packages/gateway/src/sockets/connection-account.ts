import { type Account, type Accounts, GUESTS } from '../accounts.ts';
import { CpuBudget } from '../cpu-budget.ts';

/** Whom the work of one connection counts for. */
export class ConnectionAccount {
  readonly #accounts: Accounts;
  /** The connection's own budget until somebody is logged in on it, then the account's. */
  budget = new CpuBudget();
  #account: Account | undefined;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  get name(): string {
    return this.#account?.name ?? GUESTS;
  }

  /** From now on the connection shares the CPU budget of the account that is logged in on it. */
  join(userId: bigint | undefined): void {
    if (userId === undefined || this.#account?.userId === userId) return;
    const before = this.#account;
    this.#account = this.#accounts.join(userId, before ? undefined : this.budget);
    this.budget = this.#account.cpu;
    if (before) this.#accounts.leave(before);
  }

  /** The connection is closed. */
  leave(): void {
    if (this.#account) this.#accounts.leave(this.#account);
  }
}
