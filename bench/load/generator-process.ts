import { fork, type ChildProcess } from 'node:child_process';
import type { Command } from './generator.ts';
import type { Outcome } from './outcome.ts';

/** A large heap, because the generator's own garbage collection would count as the server's time. */
const ROOMY_HEAP = ['--max-semi-space-size=64', '--heap-growing-percent=300'];

/** The load generator in a separate process: the same bundle with `--generator`. */
export class GeneratorProcess implements AsyncDisposable {
  private readonly child: ChildProcess;

  constructor() {
    this.child = fork(process.argv[1]!, ['--generator'], { execArgv: [...process.execArgv, ...ROOMY_HEAP], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Sends one command and waits for its outcome; throws the error of the generator. */
  async run(command: Command): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('the generator ended'));
      this.child.once('exit', onExit);
      this.child.once('message', (answer: { outcome?: Outcome; error?: string }) => {
        this.child.off('exit', onExit);
        if (answer.outcome) resolve(answer.outcome);
        else reject(new Error(answer.error));
      });
      this.child.send(command);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.disconnect();
    await ended;
  }
}
