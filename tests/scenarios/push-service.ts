import { createECDH, type ECDH, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt } from 'http_ece';

/** A request that a push service got. */
export interface Pushed {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A push service on this machine, as simple as it can be: it keeps what it gets. */
export class PushService implements AsyncDisposable {
  readonly got: Pushed[] = [];
  /** What it answers: the status, or a promise of it. */
  answer: (pushed: Pushed) => number | Promise<number> = () => 201;
  /** What it says with that. */
  body = '';
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const pushed = { method: request.method!, path: request.url!, headers: request.headers, body: Buffer.concat(chunks) };
      this.got.push(pushed);
      void Promise.resolve(this.answer(pushed)).then((status) => response.writeHead(status).end(this.body));
    });
  });

  static async start(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<unknown>((resolve) => this.#server.close(resolve));
  }
}

/** A browser that has subscribed: its keys, and how it reads what comes. */
export class Subscription {
  readonly #keys: ECDH = createECDH('prime256v1');
  readonly #auth = randomBytes(16).toString('base64url');
  readonly token: string;

  constructor(endpoint: string) {
    this.#keys.generateKeys();
    this.token = JSON.stringify({ endpoint, expirationTime: null, keys: { p256dh: this.#keys.getPublicKey().toString('base64url'), auth: this.#auth } });
  }

  /** Decrypts a notice, by either encoding. */
  read({ headers, body }: Pushed): Record<string, unknown> & { custom: Record<string, string> } {
    const common = { privateKey: this.#keys, authSecret: this.#auth };
    const older = { dh: /dh=([\w-]+)/.exec(String(headers['crypto-key']))?.[1] ?? '', salt: /salt=([\w-]+)/.exec(String(headers['encryption']))?.[1] ?? '' };
    const text = headers['content-encoding'] === 'aesgcm' ? decrypt(body, { ...common, version: 'aesgcm', ...older }) : decrypt(body, { ...common, version: 'aes128gcm' });
    return JSON.parse(text.toString()) as never;
  }
}
