import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { readLines } from '../lines.ts';
import { CloudError, type CloudErrorCode } from './cloud-error.ts';
import type { CallerTrace } from './caller-trace.ts';

/** Where a control API is, and what opens it. */
export interface ControlAddress {
  /** Such as `http://127.0.0.1:41234`. */
  controlUrl: string;
  secret: string;
}

/** What an operation answered: a result or an error. */
export interface Answer<T> {
  result?: T;
  error?: CloudError;
  /** Number of the newest call of a bot of this set that had ended by then. */
  callsUpTo: number;
}

/** One call of an operation. */
export interface OperationRequest {
  /** Such as `people.send`. */
  operation: string;
  /** Id of the set of people and bots in which it runs. */
  set: string;
  params: Record<string, unknown>;
  trace: CallerTrace;
}

/** Gets the lines of a stream. */
export interface LineReader {
  onLine(line: string): void;
  /** The stream has ended or was cut. */
  onEnd(): void;
}

/** A stream that is open. */
export interface OpenStream {
  close(): void;
}

/** How long the server may take for an operation that waits for nothing, in milliseconds. */
const ANSWER_TIMEOUT_MS = 120_000;

const CODES: ReadonlySet<string> = new Set<CloudErrorCode>(['invalid', 'timeout', 'refused', 'stopping', 'unauthorized', 'busy', 'internal']);

/** The body of an answer. */
interface AnswerBody<T> {
  result?: T;
  callsUpTo?: number;
  error?: { code?: string; message?: string; refusal?: string; talk?: string };
}

function readAnswer<T>({ status, text }: { status: number; text: string }, operation: string): AnswerBody<T> {
  try {
    return JSON.parse(text) as AnswerBody<T>;
  } catch {
    return { error: { message: `${operation}: the control API answered ${status} without JSON` } };
  }
}

/** Speaks the control API of one server. */
export class ControlClient {
  readonly #address: ControlAddress;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #endReason: () => string | undefined;

  /** @param endReason why the server has ended, if it has; for the messages of errors */
  constructor(address: ControlAddress, endReason: () => string | undefined) {
    this.#address = address;
    this.#endReason = endReason;
  }

  /** Runs an operation. @throws CloudError `stopping` if the server cannot be reached */
  async call<T>(call: OperationRequest): Promise<Answer<T>> {
    const body = JSON.stringify(call.params, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    let response: { status: number; text: string };
    try {
      response = await this.#post(call, body);
    } catch (error) {
      throw this.#unreachable(call, error as Error);
    }
    const answer = readAnswer<T>(response, call.operation);
    const { callsUpTo = 0 } = answer;
    if (response.status === 200) return { result: answer.result, callsUpTo };
    const { code = 'invalid', message = `the control API answered ${response.status}`, refusal, talk } = answer.error ?? {};
    const known = CODES.has(code) ? (code as CloudErrorCode) : 'invalid';
    return { error: new CloudError(known, message, { refusal, talk }, call.trace), callsUpTo };
  }

  /**
   * Opens the stream of the calls of a set's bots, which never ends by itself, and does not keep the process alive.
   * @param after number of the last call that is not wanted
   */
  openCalls(call: Pick<OperationRequest, 'set' | 'trace'>, after: number, reader: LineReader): Promise<OpenStream> {
    return new Promise((resolve, reject) => {
      const opening = request(new URL(`/v1/calls?after=${after}`, this.#address.controlUrl), { agent: false, headers: this.#headers(call.set) });
      opening.once('error', (error) => reject(this.#unreachable({ operation: 'calls', trace: call.trace }, error)));
      opening.once('response', (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(new CloudError('invalid', `the stream of calls was answered with ${response.statusCode}`, {}, call.trace));
          return;
        }
        response.socket.unref();
        readLines(response, (line) => reader.onLine(line));
        response.once('close', () => reader.onEnd());
        resolve({ close: () => void response.destroy() });
      });
      opening.end();
    });
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy();
  }

  #headers(set: string): Record<string, string> {
    return { authorization: `Bearer ${this.#address.secret}`, 'aerogram-set': set };
  }

  /** Posts once more if the server had closed an idle connection, as it does while a debugger holds the test. */
  async #post(call: OperationRequest, body: string): Promise<{ status: number; text: string }> {
    try {
      return await this.#postOnce(call, body);
    } catch (error) {
      if (!(error instanceof ClosedWhileIdle)) throw error;
      return this.#postOnce(call, body);
    }
  }

  #postOnce({ operation, set }: OperationRequest, body: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const posting = request(new URL(`/v1/${operation}`, this.#address.controlUrl), {
        method: 'POST',
        agent: this.#agent,
        timeout: ANSWER_TIMEOUT_MS,
        headers: { ...this.#headers(set), 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      let answered = false;
      posting.once('timeout', () => posting.destroy(new Error(`no answer in ${ANSWER_TIMEOUT_MS / 1000} s`)));
      // An idle connection does not keep the process alive, but one on which an answer is awaited does.
      posting.once('socket', (socket: Socket) => socket.ref());
      posting.once('error', (error: NodeJS.ErrnoException) => {
        const wasIdle = posting.reusedSocket && !answered && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        reject(wasIdle ? new ClosedWhileIdle(error.message) : error);
      });
      posting.once('response', (response) => {
        answered = true;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      });
      posting.end(body);
    });
  }

  #unreachable({ operation, trace }: Pick<OperationRequest, 'operation' | 'trace'>, error: Error): CloudError {
    const why = this.#endReason() ?? `its control API cannot be reached: ${error.message}`;
    return new CloudError('stopping', `${operation}: the cloud does not answer; ${why}`, {}, trace);
  }
}

class ClosedWhileIdle extends Error {}
