import { Command } from 'commander';
import { formatJson, type Output } from './output.ts';

/** What commander passes to an action: the arguments, the options and the command. */
type Given = Parameters<Parameters<Command['action']>[0]>;

/** A command whose action returns what to print. This is the only place that prints, and that knows `--json`, which every command with an action has. */
export class CliCommand extends Command {
  readonly #print: (line: string) => void;

  /** @param print gets the output, line by line */
  constructor(name: string, print: (line: string) => void) {
    super(name);
    this.#print = print;
  }

  override createCommand(name = ''): CliCommand {
    return new CliCommand(name, this.#print);
  }

  /**
   * Sets what the command does.
   * @param run gets the arguments and then the options, without `--json`. It returns an output; only commander's types say that it may return nothing.
   */
  override action(run: (...given: Given) => Output | void | Promise<Output | void>): this {
    this.option('--json', 'for programs: one JSON document', false);
    return super.action(async (...given: Given) => {
      const { json, ...options } = given.at(-2) as { json: boolean };
      const output = await run(...given.slice(0, -2), options, given.at(-1));
      if (output === undefined) throw new Error(`"${this.name()}" has no output`);
      for (const line of json ? [formatJson(output.value)] : output.lines) this.#print(line);
      if (output.failure !== undefined) throw new Error(output.failure);
    });
  }
}
