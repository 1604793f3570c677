import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '@aerogram/runtime';

/** Makes a folder as the build of the web client does, with little in it. @returns its path; the test deletes it */
export async function makeWebFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aerogram-web-'));
  await mkdir(join(folder, 'assets'));
  const files = { 'index.html': 'the index', 'worker.js': 'the worker', 'build.txt': 'b7', 'assets/app-AB12CD34.js': 'the app', 'assets/app-AB12CD34.js.br': 'the app in brotli' };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** An answer of the HTTP or MTProto port, not unpacked. */
export interface PageAnswer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Requests a page with exactly these headers. */
export function ask({ host, port }: Endpoint, path: string, options: { method?: string; headers?: Record<string, string>; agent?: Agent; body?: string } = {}): Promise<PageAnswer> {
  const { body: sent, ...others } = options;
  return new Promise((resolve, reject) => {
    request({ host, port, path, ...others }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    }).on('error', reject).end(sent);
  });
}

/** Opens a WebSocket for MTProto as the script of a page does, and closes it. @returns the status of the answer */
export async function openFromPage({ host, port }: Endpoint, page: { origin: string; host: string }): Promise<number> {
  const socket = connect(port, host);
  try {
    socket.write(
      `GET /apiws HTTP/1.1\r\nHost: ${page.host}\r\nOrigin: ${page.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    return Number(head.toString('latin1', 9, 12));
  } finally {
    socket.destroy();
  }
}
