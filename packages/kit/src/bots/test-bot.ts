/** A bot that is being tested. */
export interface TestBot {
  readonly id: bigint;
  readonly username: string;
  readonly name: string;
  readonly token: string;
}
