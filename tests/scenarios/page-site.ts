import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web site whose pages have previews. */
export interface PageSite extends AsyncDisposable {
  /** For instance `http://127.0.0.1:8000`. */
  base: string;
  /** Settings of a server that may fetch pages from this site only. */
  env: Record<string, string>;
  /** How often each path was requested. */
  asked: ReadonlyMap<string, number>;
  /** Waits until a path that begins with `/slow` is requested. */
  isAsked(path: string): Promise<void>;
  /** Sends the response for a path that begins with `/slow`, as soon as it is requested. Such responses are held back until then. */
  release(path: string): Promise<void>;
}

function serve(response: ServerResponse, path: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<meta property="og:title" content="Page ${path}"><meta name=description content="Описание 你好"><meta property="og:site_name" content="Site">`);
}

/** Answers a request with a body that has no end. */
export function pourForEver(response: ServerResponse, type: string): void {
  response.writeHead(200, { 'content-type': type });
  const more = Buffer.alloc(262_144, 0xff);
  const pour = (): void => {
    while (!response.destroyed && response.write(more));
  };
  response.on('drain', pour);
  pour();
}

/** Answers a request in a way of its own. @returns false if the site is to answer it as usual */
export type OwnAnswer = (path: string, response: ServerResponse) => boolean;

/** Starts a site. Paths that begin with `/missing` do not exist; those that begin with `/inside` lead to an address that must not be asked. */
export async function startPageSite(answer: OwnAnswer = () => false): Promise<PageSite> {
  const asked = new Map<string, number>();
  const held = new Map<string, ServerResponse>();
  const awaited = new Map<string, () => void>();
  const site = createServer((request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    if (answer(path, response)) return;
    if (path.startsWith('/slow')) {
      held.set(path, response);
      awaited.get(path)?.();
    } else if (path.startsWith('/missing')) response.writeHead(404).end();
    else if (path.startsWith('/inside')) response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    else serve(response, path);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  const isAsked = (path: string): Promise<void> =>
    new Promise((resolve) => {
      if (held.has(path)) resolve();
      else awaited.set(path, resolve);
    });
  return {
    base: `http://127.0.0.1:${port}`,
    env: { AEROGRAM_LINK_PREVIEWS: '1', AEROGRAM_FILES_BY_URL: '1', AEROGRAM_LINK_PREVIEW_PORTS: String(port), AEROGRAM_LINK_PREVIEW_NETWORKS: '127.0.0.1' },
    asked,
    isAsked,
    async release(path) {
      await isAsked(path);
      serve(held.get(path)!, path);
    },
    async [Symbol.asyncDispose]() {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    },
  };
}
