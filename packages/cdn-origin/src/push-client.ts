import { createHash } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { isAnswerOfNode, isHex, MAC_HEADER, PUSH_PATH, type PushContent, signMessage, TICKET_CHARS } from '@aerogram/cdn-protocol';
import { type Clock, formatEndpoint, type Random } from '@aerogram/runtime';
import type { KnownNode, PushedWindow } from './cdn-nodes.ts';
import { NodeFault } from './node-fault.ts';

/** Time limit of a request without a window, in milliseconds. */
const SHORT_MS = 4_000;
/** Time limit of a request that pushes a window, in milliseconds. */
const WINDOW_MS = 20_000;
/** Connections of this process to one node for windows. */
const WINDOW_SOCKETS = 10;
/** Connections of this process to one node for other messages, which must not wait until windows have been pushed. */
const SHORT_SOCKETS = 2;
/** Answers of nodes are shorter. */
const MAX_ANSWER_BYTES = 4_096;

const NO_BODY = new Uint8Array(0);
const HEALTH: RequestOptions = { path: '/health', method: 'GET' };

interface Answer {
  status: number;
  body: string;
  mac: unknown;
}

interface Posted {
  content: PushContent;
  body: Uint8Array;
  timeoutMs: number;
}

/** The content that a node says it has. Nothing authenticates it, so it is only for operators to look at. */
export interface HeldContent {
  /** Number of windows that it can serve. */
  windows: number;
  /** Memory that it uses for content. */
  bytes: number;
}

export interface PushClientDeps {
  clock: Clock;
  random: Random;
}

/** Sends messages to nodes over connections that are kept open. A node that was started again is found out by the name of its run. */
export class PushClient implements Disposable {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #windowAgent = new Agent({ keepAlive: true, maxSockets: WINDOW_SOCKETS });
  readonly #shortAgent = new Agent({ keepAlive: true, maxSockets: SHORT_SOCKETS });
  /** The name of the last known run of a node, by the node's id. */
  readonly #boots = new Map<string, string>();

  constructor({ clock, random }: PushClientDeps) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Tells a node to forget files.
   * @returns the status of an answer that the node has authenticated
   * @throws NodeFault when there is none
   */
  tellToForget(node: KnownNode, fileIds: readonly Uint8Array[]): Promise<number> {
    const files = fileIds.map((id) => Buffer.from(id).toString('hex'));
    return this.#send(node, { content: { kind: 'forget', files }, body: NO_BODY, timeoutMs: SHORT_MS });
  }

  /** Tells a node that the server is there, with a ticket that it asks for before. @returns and throws as `tellToForget` */
  async tellAlive(node: KnownNode): Promise<number> {
    const tell = async (): Promise<number> => {
      const { boot, ticket } = await this.#readRun(node);
      return this.#post(node, boot, { content: { kind: 'alive', ticket }, body: NO_BODY, timeoutMs: SHORT_MS });
    };
    try {
      return await tell();
    } catch (error) {
      // The node closed the kept connection just now.
      if (error instanceof NodeFault && error.wasKeptConnection) return tell();
      throw error;
    }
  }

  /** Sends a window. @returns and throws as `tellToForget` */
  tellWindow(node: KnownNode, { fileId, window, size }: PushedWindow, ciphertext: Uint8Array): Promise<number> {
    const sha256 = createHash('sha256').update(ciphertext).digest('hex');
    return this.#send(node, { content: { kind: 'window', file: Buffer.from(fileId).toString('hex'), window, size, sha256 }, body: ciphertext, timeoutMs: WINDOW_MS });
  }

  /** Asks a node how much content it has. @returns undefined when it does not say so in time, or another node answers there */
  async findContent({ id, push }: Pick<KnownNode, 'id' | 'push'>): Promise<HeldContent | undefined> {
    try {
      return contentIn((await this.#exchange({ push }, HEALTH, NO_BODY, SHORT_MS)).body, id);
    } catch (error) {
      if (error instanceof NodeFault) return undefined;
      throw error;
    }
  }

  /** Drops what is known about nodes that are not among these. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#boots.keys()) if (!ids.has(id)) this.#boots.delete(id);
  }

  [Symbol.dispose](): void {
    this.#windowAgent.destroy();
    this.#shortAgent.destroy();
  }

  async #send(node: KnownNode, posted: Posted): Promise<number> {
    const boot = this.#boots.get(node.id) ?? (await this.#readRun(node)).boot;
    try {
      return await this.#post(node, boot, posted);
    } catch (error) {
      if (!(error instanceof NodeFault)) throw error;
      // The node may have been started again since. A kept connection may also have been closed by the node just now.
      const { boot: current } = await this.#readRun(node);
      if (current === boot && !error.wasKeptConnection) throw error;
      return this.#post(node, current, posted);
    }
  }

  /** Asks a node for the name of its run and a ticket. Nobody gains by answering for it: the node accepts only its own. */
  async #readRun(node: KnownNode): Promise<NodeRun> {
    const { status, body } = await this.#exchange(node, HEALTH, NO_BODY, SHORT_MS);
    const run = status === 200 ? runIn(body) : undefined;
    if (run === undefined) throw new NodeFault('what answers there is not a CDN node');
    this.#boots.set(node.id, run.boot);
    return run;
  }

  async #post(node: KnownNode, boot: string, { content, body, timeoutMs }: Posted): Promise<number> {
    const nonce = Buffer.from(this.#random.bytes(16)).toString('hex');
    const headers = { ...signMessage(node.keys.push, { content, boot, timeMs: this.#clock.nowMs(), nonce }), 'content-length': String(body.length) };
    const answer = await this.#exchange(node, { path: PUSH_PATH, method: 'POST', headers }, body, timeoutMs);
    if (isAnswerOfNode(node.keys.push, nonce, answer)) return answer.status;
    throw new NodeFault(REFUSALS[answer.status] ?? `its answer ${answer.status} is not authenticated`);
  }

  #exchange({ push }: Pick<KnownNode, 'push'>, options: RequestOptions, body: Uint8Array, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, ...push, agent: body.length > 0 ? this.#windowAgent : this.#shortAgent });
      const timer = this.#clock.setTimeout(() => sent.destroy(new NodeFault(`${formatEndpoint(push)} does not answer in time`)), timeoutMs);
      const fail = (error: unknown): void => {
        timer.cancel();
        sent.destroy();
        reject(error instanceof NodeFault ? error : describeFailure(sent, push, error));
      };
      sent.on('error', fail);
      sent.on('response', (response) => {
        readAnswer(response).then((answer) => {
          timer.cancel();
          resolve(answer);
        }, fail);
      });
      sent.end(body);
    });
  }
}

/** What answers that a node does not authenticate mean; it has not read the message. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: 'it does not accept the secret, or the clocks differ by more than a minute',
  409: 'it was started again',
  503: 'it has no room for more messages',
};

function describeFailure(sent: ClientRequest, push: KnownNode['push'], error: unknown): NodeFault {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new NodeFault(`${formatEndpoint(push)} cannot be reached: ${code}`, { wasKeptConnection: sent.reusedSocket });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new NodeFault('its answer is too long');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), mac: response.headers[MAC_HEADER] };
}

/** What a node answers to GET /health; anything may be there, because nothing authenticates it. */
interface Health {
  id?: unknown;
  boot?: unknown;
  ticket?: unknown;
  windows?: unknown;
  bytes?: unknown;
}

function readHealth(body: string): Health {
  try {
    return (JSON.parse(body) as Health | null) ?? {};
  } catch {
    return {};
  }
}

/** What the messages to a node have to name. */
interface NodeRun {
  /** The name of this run of the node. */
  boot: string;
  /** A new ticket. */
  ticket: string;
}

function runIn(body: string): NodeRun | undefined {
  const { boot, ticket } = readHealth(body);
  return isHex(boot, BOOT_CHARS) && isHex(ticket, TICKET_CHARS) ? { boot, ticket } : undefined;
}

const BOOT_CHARS = 32;

function contentIn(body: string, nodeId: string): HeldContent | undefined {
  const { id, windows, bytes } = readHealth(body);
  return id === nodeId && isCount(windows) && isCount(bytes) ? { windows, bytes } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
