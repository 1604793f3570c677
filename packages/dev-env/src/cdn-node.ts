import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CdnFile, readNodeDirectory } from '@aerogram/cdn';
import { deriveNodeKeys, isAnswerOfNode, MAC_HEADER, type NodeKeys, PUSH_PATH, type PushContent, type PushMessage, type SignedHeaders, signMessage } from '@aerogram/cdn-protocol';
import { readRsaPublicKey } from '@aerogram/crypto';
import { makeKey, RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { type CdnAddress, CdnLinks } from './cdn-links.ts';
import { findRepositoryRoot } from './server-info.ts';

/** What a node said to a message. */
export interface PushAnswer {
  status: number;
  /** Whether the node authenticated its answer. */
  isSigned: boolean;
}

const READY_TIMEOUT_MS = 60_000;

/** A CDN node in a process of its own, with an origin played by the test. */
export class CdnNode implements AsyncDisposable {
  readonly dataDir: string;
  readonly #arguments: readonly string[];
  readonly #nodeArguments: readonly string[];
  #child: ChildProcess | undefined;
  #output = '';
  info!: CdnFile;
  keys!: NodeKeys;
  boot = '';

  private constructor(dataDir: string, args: readonly string[], nodeArguments: readonly string[]) {
    this.dataDir = dataDir;
    this.#arguments = args;
    this.#nodeArguments = nodeArguments;
  }

  /** Starts a node with a temporary directory. @param args such as `--memory 64MB` */
  static start(...args: string[]): Promise<CdnNode> {
    return CdnNode.startWith([], ...args);
  }

  /** Same as {@link start}. @param nodeArguments arguments for Node itself, such as `--cpu-prof` */
  static async startWith(nodeArguments: readonly string[], ...args: string[]): Promise<CdnNode> {
    const node = new CdnNode(await mkdtemp(join(tmpdir(), 'aerogram-cdn-')), args, nodeArguments);
    try {
      await node.#start();
    } catch (error) {
      await node[Symbol.asyncDispose]();
      throw error;
    }
    return node;
  }

  /** Ends the process and starts another one with the same directory and ports. */
  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.stop(signal);
    await this.#start();
  }

  /** Sends a signal and waits for the end. @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  /** Id of the running process. */
  get pid(): number {
    return this.info.pid;
  }

  /** Asks the private port. */
  async get(path: '/health' | '/metrics'): Promise<string> {
    const { host, port } = this.info.push;
    return (await fetch(`http://${host}:${port}${path}`)).text();
  }

  /** Signs a message with the secret of the node. */
  sign(content: PushContent, change: Partial<PushMessage> = {}): { headers: SignedHeaders; nonce: string } {
    const nonce = randomBytes(16).toString('hex');
    return { headers: signMessage(this.keys.push, { content, boot: this.boot, timeMs: Date.now(), nonce, ...change }), nonce: change.nonce ?? nonce };
  }

  /** Sends a message. */
  async tell(content: PushContent, body: Uint8Array = new Uint8Array(0)): Promise<PushAnswer> {
    const { headers, nonce } = this.sign(content);
    return this.post({ ...headers }, body, nonce);
  }

  /** Says that the origin is there. */
  async tellAlive(): Promise<PushAnswer> {
    return this.tell({ kind: 'alive', ticket: await this.takeTicket() });
  }

  /** Asks for a ticket. */
  async takeTicket(): Promise<string> {
    return (JSON.parse(await this.get('/health')) as { ticket: string }).ticket;
  }

  /** Pushes one window. @param size of the whole file in bytes */
  pushWindow(file: Uint8Array, window: number, size: number, ciphertext: Uint8Array): Promise<PushAnswer> {
    const sha256 = createHash('sha256').update(ciphertext).digest('hex');
    return this.tell({ kind: 'window', file: Buffer.from(file).toString('hex'), window, size, sha256 }, ciphertext);
  }

  /** Posts a request to the private port as it is. */
  post(headers: Record<string, string>, body: Uint8Array, nonce = ''): Promise<PushAnswer> {
    return new Promise((resolve, reject) => {
      // Waits for a word before it sends the body: a node that refuses a message closes the connection, which would interrupt the sending.
      const asks = body.length > 0 ? { expect: '100-continue' } : undefined;
      const sent = request({ ...this.info.push, path: PUSH_PATH, method: 'POST', headers: { 'content-length': String(body.length), ...asks, ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          resolve({ status, isSigned: isAnswerOfNode(this.keys.push, nonce, { status, body: Buffer.concat(chunks).toString(), mac: response.headers[MAC_HEADER] }) });
          if (!sent.writableEnded) sent.destroy();
        });
      });
      sent.on('error', reject);
      if (asks) sent.once('continue', () => sent.end(body));
      else sent.end();
    });
  }

  /** Creates a key with the node and connects a client that knows nothing of the API. */
  async connect(): Promise<RawClient> {
    const wire = { ...this.info.client, transport: 'tcp' as const, random: systemRandom };
    const clientKey = await makeKey({ ...wire, publicKeys: [readRsaPublicKey(this.info.public_key.pem)], dc: 203 });
    return RawClient.connect({ ...wire, clientKey });
  }

  /** Where clients find the node now. */
  get address(): CdnAddress {
    return { ...this.info.client, publicKey: readRsaPublicKey(this.info.public_key.pem) };
  }

  /** The keys and connections of a new client, for which this is the only node. */
  links(): CdnLinks {
    return new CdnLinks(() => this.address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const entry = join(findRepositoryRoot(), 'dist', 'cdn.js');
    if (!existsSync(entry)) throw new Error(`${entry} is not built: npm run build`);
    const file = join(this.dataDir, 'cdn.json');
    await rm(file, { force: true });
    const before = this.info as CdnFile | undefined;
    const ports = before ? ['--port', String(before.client.port), '--push-port', String(before.push.port)] : [];
    const child = spawn(process.execPath, [...this.#nodeArguments, entry, 'cdn', 'serve', '--data-dir', this.dataDir, ...ports, ...this.#arguments], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const keep = (chunk: Buffer): void => void (this.#output = (this.#output + chunk.toString()).slice(-10_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const deadline = performance.now() + READY_TIMEOUT_MS;
    // Polling, because the other process signals that it is ready by a file.
    while (!existsSync(file)) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`the CDN node did not start\n${this.#output}`);
      await delay(20);
    }
    const { file: info, secret } = await readNodeDirectory(this.dataDir);
    this.info = info;
    this.keys = deriveNodeKeys(secret);
    this.boot = (JSON.parse(await this.get('/health')) as { boot: string }).boot;
  }
}
