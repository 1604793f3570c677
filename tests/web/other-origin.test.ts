import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeJpeg } from '../../packages/media/test/pictures.ts';
import { sendPhoto } from './send-media.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

/** The policy that docs/clients.md recommends to whoever serves a browser app, with the address of a server that has no TLS. */
function readPolicy(port: number): string {
  const text = readFileSync(join(findRepositoryRoot(), 'docs/clients.md'), 'utf8');
  const [policy] = /^default-src [^`]*/m.exec(text)!;
  expect(policy).toContain(' wss://YOUR.HOST ');
  return policy.replace('wss://YOUR.HOST', `ws://localhost:${port}`).replaceAll('\n', ' ').trim();
}

/** Serves the web client from an origin of its own, as other browser apps are served. */
class OtherOrigin implements AsyncDisposable {
  /** The directives that browsers say were violated: also in workers, which have no console that a test sees. */
  readonly violations: string[] = [];
  /** What is sent with each file; workers have the policy of their script. */
  policy = '';
  readonly #port: number;
  readonly #http: Server;

  /** @param port where the server is */
  constructor(port: number) {
    this.#port = port;
    this.#http = createServer((request, response) => void this.#answer(request, response).catch(() => response.destroy()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (path === '/violations') {
      const { 'csp-report': report } = JSON.parse((await request.toArray()).join('')) as { 'csp-report': Record<string, string> };
      this.violations.push(`${report['effective-directive']} ${report['blocked-uri']}`);
      return void response.writeHead(204).end();
    }
    const answer = await fetch(`http://127.0.0.1:${this.#port}${path}`);
    const facts = path === '/client.json' ? ((await answer.json()) as { dc_id: number }) : undefined;
    // The client takes the socket of its own data centre from the list of homes, if it stands there.
    const body = facts ? JSON.stringify({ ...facts, homes: [{ dc: facts.dc_id, socket: `ws://localhost:${this.#port}` }] }) : Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? 'text/plain', 'Content-Security-Policy': `${this.policy}; report-uri /violations` });
    response.end(body);
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#http.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(this.#http.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => void this.#http.close(resolve));
  }
}

describe.skipIf(!hasChromium)('a browser app of another origin', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('logs in, writes and shows a photo under the policy that the documentation recommends, and cannot connect without its address', async () => {
    const { port } = stage.server.info.http;
    await using origin = new OtherOrigin(port);
    const address = await origin.listen();
    origin.policy = readPolicy(port);
    const [actor, bob] = [await stage.world.user('Ann'), await stage.world.user('Bob')];
    const ann = await stage.visit(actor, address);
    await ann.logIn();
    await sendPhoto(bob, actor, await makeJpeg(1600, 1000), { caption: 'the lake' });
    await ann.open(bob);
    const image = ann.message('the lake').locator('img').first();
    await expect.poll(() => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth)).toBeGreaterThan(100);
    expect(await image.getAttribute('src')).toMatch(/^blob:/);
    await ann.send('a fine lake');
    await bob.sees('a fine lake');
    expect(origin.violations).toEqual([]);
    await ann.context.close();

    origin.policy = origin.policy.replace(`ws://localhost:${port}`, '');
    const stranger = await stage.visit(actor, address);
    await expect.poll(() => origin.violations).toContain(`connect-src ws://localhost:${port}/apiws`);
    await stranger.context.close();
    stranger.problems.length = 0;
  });
});
