import type { CallerTrace } from '../control/caller-trace.ts';
import { CallStream, type RecordedCall } from '../control/call-stream.ts';
import { CloudError } from '../control/cloud-error.ts';
import type { ControlClient, OpenStream } from '../control/control-client.ts';

/** What a set of people and bots needs of its cloud: operations in its name, and the calls of its bots. */
export class SetLink {
  readonly set: string;
  readonly #client: ControlClient;
  readonly #listeners = new Map<string, (call: RecordedCall) => void>();
  #opening: Promise<CallStream> | undefined;
  #open: OpenStream | undefined;

  constructor(client: ControlClient, set: string) {
    this.#client = client;
    this.set = set;
  }

  /** Runs an operation, and waits until `calls` of the bots are as new as its answer. @throws CloudError */
  async call<T>(operation: string, params: Record<string, unknown>, trace: CallerTrace): Promise<T> {
    const { result, error, callsUpTo } = await this.#client.call<T>({ operation, set: this.set, params, trace });
    await this.#catchUp(operation, callsUpTo, trace);
    if (error !== undefined) throw error;
    return result as T;
  }

  /** Calls a listener with each recorded call of a bot, from now on. @throws CloudError if the stream cannot be opened */
  async listen(botId: string, listener: (call: RecordedCall) => void, trace: CallerTrace): Promise<void> {
    this.#listeners.set(botId, listener);
    this.#opening ??= this.#openStream(0, trace);
    await this.#opening;
  }

  /** Closes the stream; the link can be used again afterwards. */
  close(): void {
    this.#open?.close();
    this.#open = undefined;
    this.#opening = undefined;
    this.#listeners.clear();
  }

  /** @param after number of the last call that has been read */
  async #openStream(after: number, trace: CallerTrace): Promise<CallStream> {
    const stream = new CallStream(after, (call) => this.#listeners.get(call.botId)?.(call));
    this.#open = await this.#client.openCalls({ set: this.set, trace }, after, stream);
    return stream;
  }

  /** Waits until the stream has come so far. The server cuts a stream that is not read for long, as while a debugger holds the test; then it is opened again. */
  async #catchUp(operation: string, callsUpTo: number, trace: CallerTrace): Promise<void> {
    const opening = this.#opening;
    try {
      const stream = await opening;
      await stream?.reaches(callsUpTo);
      if (stream === undefined || stream.newest >= callsUpTo) return;
      if (this.#opening === opening) this.#opening = this.#openStream(stream.newest, trace);
      await (await this.#opening)?.reaches(callsUpTo);
    } catch (error) {
      throw error instanceof CloudError ? error : new CloudError('internal', `${operation}: ${(error as Error).message}`, {}, trace);
    }
  }
}
