import type { Account } from './account.ts';

/** How often the server is told again, in milliseconds. It takes somebody for online for five minutes. */
const REPEAT_MS = 120_000;

/** Tells the server whether somebody is looking at a window. */
export class OwnPresence {
  readonly #account: Account;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(account: Account) {
    this.#account = account;
  }

  set(isVisible: boolean): void {
    if (isVisible === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = isVisible ? setInterval(() => this.#tell(true), REPEAT_MS) : undefined;
    this.#tell(isVisible);
  }

  #tell(isOnline: boolean): void {
    void this.#account.call({ _: 'account.updateStatus', offline: !isOnline }).catch(() => undefined);
  }
}
