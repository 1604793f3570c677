// Plays videos and sounds while they are being loaded: the browser asks for ranges, and the page that plays them gets these from the server. And shows notices.
// Nothing is kept here, and everything else goes to the server as if there were no service worker.
import { STREAM_PATH, type StreamAnswer, type StreamQuestion } from '../protocol/stream.ts';

import { type NoticeScope, startNotices } from './notices.ts';

/** What this worker needs of its global scope; the types of browsers know those of pages only. */
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(until: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchRequest) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void>; get(id: string): Promise<{ postMessage(message: StreamQuestion, ports: MessagePort[]): void } | undefined> };
}

interface FetchRequest {
  request: Request;
  clientId: string;
  respondWith(response: Promise<Response>): void;
}

/** How long a page may take for a part, in milliseconds. */
const PATIENCE_MS = 120_000;
/** What a browser plays without running anything in it. */
const PLAYED = new Set(['video/mp4', 'video/webm', 'audio/mpeg', 'audio/ogg', 'audio/mp4']);

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

const scope = self as unknown as Scope;
scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin === location.origin && pathname.startsWith(STREAM_PATH)) event.respondWith(answer(event, pathname.slice(STREAM_PATH.length)));
});

startNotices(self as unknown as NoticeScope);

async function answer({ request, clientId }: FetchRequest, token: string): Promise<Response> {
  // Only players may read it: as a page, a file would be a part of our origin.
  if (request.method !== 'GET' || (request.destination !== 'video' && request.destination !== 'audio')) return refuse(404);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('Range') ?? 'bytes=0-');
  if (!range) return refuse(416);
  const [from, to] = [Number(range[1]), range[2] === '' ? Infinity : Number(range[2])];
  const part = await askPage(clientId, { type: 'stream', token, from });
  // A player that was just taken away asks for something that the page has forgotten. Browsers would report an error of that.
  if (!part) return refuse(204);
  if (!PLAYED.has(part.type)) return refuse(404);
  if (part.bytes.byteLength === 0 || to < from) return refuse(416, { 'Content-Range': `bytes */${part.total}` });
  // Less than what was asked for: the player asks for the rest when it needs it.
  const bytes = part.bytes.slice(0, Math.min(part.bytes.byteLength, to - from + 1));
  return new Response(bytes, {
    status: 206,
    headers: {
      ...HEADERS,
      'Accept-Ranges': 'bytes',
      'Content-Length': String(bytes.byteLength),
      'Content-Range': `bytes ${from}-${from + bytes.byteLength - 1}/${part.total}`,
      'Content-Type': part.type,
    },
  });
}

const refuse = (status: number, headers: Record<string, string> = {}): Response => new Response(undefined, { status, headers: { ...HEADERS, ...headers } });

async function askPage(clientId: string, question: StreamQuestion): Promise<StreamAnswer> {
  const page = await scope.clients.get(clientId);
  if (!page) return undefined;
  const { port1, port2 } = new MessageChannel();
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    port1.onmessage = ({ data }: MessageEvent<StreamAnswer>) => {
      clearTimeout(timer);
      port1.close();
      resolve(data);
    };
    page.postMessage(question, [port2]);
  });
}
