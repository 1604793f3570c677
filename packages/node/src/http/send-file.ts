import type { IncomingMessage, ServerResponse } from 'node:http';
import contentDisposition from 'content-disposition';
import parseRange from 'range-parser';
import type { LinkedFile } from '@aerogram/domain';
import type { Clock } from '@aerogram/runtime';

/** How many files are sent at once by this process. Each needs memory for one step. */
const STREAMS_MAX = 64;
/** How many files are sent at once to one address, or for one bot. */
const STREAMS_PER_RECEIVER = 8;
/** Bytes that are read from the store at once. */
const STEP_BYTES = 512 * 1024;
/** Bytes that are sent at once. */
const PIECE_BYTES = 64 * 1024;
/** How long the client may take for one piece, in milliseconds: 1 KiB a second is enough. */
const STALLED_MS = 60_000;

/** The longest time for which a browser may keep a file, in seconds. */
const CACHED_MAX_S = 3600;

/** Types that a browser may show by itself: it cannot run anything in them. Others are saved. */
const SHOWN_TYPES = /^(?:image\/(?:jpeg|png|gif|webp)|video\/(?:mp4|webm|quicktime)|audio\/(?:mpeg|ogg|mp4|aac))$/;

/** The part of a file that a request wants; the end is not part of it. */
interface Span {
  from: number;
  to: number;
  isPart: boolean;
}

/**
 * Answers a request for a file with the file or the part of it that the request wants, or says why not.
 * @param receiver whose files are counted: a network, or a bot; undefined: they are not
 * @throws Error if the file cannot be read, or the client goes away or takes too long
 */
export type SendFile = (file: LinkedFile, request: IncomingMessage, response: ServerResponse, receiver: string | undefined) => Promise<void>;

/** Creates the function that sends files, of which it sends a few at once. @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests */
export function createFileSender(clock: Clock): SendFile {
  let streams = 0;
  /** Files that are being sent, by their receiver. */
  const streamsOf = new Map<string, number>();

  /** Notes that a file begins to be sent (+1), or that this has ended (−1). */
  const countStream = (receiver: string | undefined, change: 1 | -1): void => {
    streams += change;
    if (receiver === undefined) return;
    const count = (streamsOf.get(receiver) ?? 0) + change;
    if (count > 0) streamsOf.set(receiver, count);
    else streamsOf.delete(receiver);
  };

  return async (file, request, response, receiver) => {
    const etag = `"${file.identity}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { ETag: etag, 'Cache-Control': cacheControlOf(file) }).end();
    const span = spanOf(request, file.size, etag);
    if (span === undefined) return refuseFile(response, 416, { 'Content-Range': `bytes */${file.size}` });
    if (streams >= STREAMS_MAX) return refuseFile(response, 503, { 'Retry-After': '5' });
    if (receiver !== undefined && (streamsOf.get(receiver) ?? 0) >= STREAMS_PER_RECEIVER) return refuseFile(response, 429, { 'Retry-After': '5' });
    countStream(receiver, 1);
    try {
      await send(response, file, { span, etag, isHead: request.method === 'HEAD', clock });
    } finally {
      countStream(receiver, -1);
    }
  };
}

/** Which part of a file is wanted; undefined if there is no such part. Several parts at once are answered by the whole file. Pure. */
function spanOf({ headers }: IncomingMessage, size: number, etag: string): Span | undefined {
  const whole: Span = { from: 0, to: size, isPart: false };
  if (headers.range === undefined || (headers['if-range'] !== undefined && headers['if-range'] !== etag)) return whole;
  const ranges = parseRange(size, headers.range);
  if (ranges === -1) return undefined;
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return whole;
  return { from: ranges[0]!.start, to: ranges[0]!.end + 1, isPart: true };
}

/** How a file is sent. */
interface Sending {
  span: Span;
  etag: string;
  isHead: boolean;
  clock: Clock;
}

async function send(response: ServerResponse, file: LinkedFile, { span, etag, isHead, clock }: Sending): Promise<void> {
  const isShown = SHOWN_TYPES.test(file.mimeType);
  // The first bytes are read before the head is sent, so that a file that cannot be read is an error.
  const first = isHead || span.from === span.to ? new Uint8Array() : await file.read(span.from, Math.min(STEP_BYTES, span.to - span.from));
  response.writeHead(span.isPart ? 206 : 200, {
    'Content-Type': isShown ? file.mimeType : 'application/octet-stream',
    'Content-Length': span.to - span.from,
    'Content-Disposition': dispositionOf(file.name, isShown),
    ...(span.isPart ? { 'Content-Range': `bytes ${span.from}-${span.to - 1}/${file.size}` } : {}),
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Last-Modified': new Date(file.date * 1000).toUTCString(),
    'Cache-Control': cacheControlOf(file),
    ...SAFE_HEADERS,
  });
  if (isHead) return void response.end();
  let at = span.from;
  for (let bytes = first; bytes.length > 0; ) {
    for (let sent = 0; sent < bytes.length; sent += PIECE_BYTES) await write(response, bytes.subarray(sent, sent + PIECE_BYTES), clock);
    at += bytes.length;
    bytes = at < span.to ? await file.read(at, Math.min(STEP_BYTES, span.to - at)) : new Uint8Array();
  }
  if (at === span.to) response.end();
  // The client must not take a part for the whole.
  else response.destroy();
}

/** How long a browser may keep a file: no longer than the link is valid. Pure. */
function cacheControlOf({ linkSeconds }: LinkedFile): string {
  return `private, max-age=${Math.min(CACHED_MAX_S, linkSeconds)}, immutable`;
}

/** Whether a browser shows a file or saves it, and under which name. Pure. */
function dispositionOf(name: string, isShown: boolean): string {
  const type = isShown ? 'inline' : 'attachment';
  // Node takes no Latin-1 in this header if the length of the body is known.
  return name === '' ? contentDisposition(undefined, { type }) : contentDisposition(name, { type, fallback: name.replaceAll(/[^ -~]/g, '?') });
}

/**
 * Writes bytes and waits until the client has taken them. Whatever the client sends meanwhile gives it no more time.
 * @throws Error if the client goes away or takes too long
 */
function write(response: ServerResponse, bytes: Uint8Array, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    if (response.destroyed) return reject(new Error('the client has closed the connection'));
    const end = (error?: Error): void => {
      timer.cancel();
      response.off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = (): void => end(new Error('the client has closed the connection'));
    const timer = clock.setTimeout(() => {
      response.destroy();
      end(new Error('the client reads too slowly'));
    }, STALLED_MS);
    response.on('close', onClose);
    response.write(bytes, (error) => end(error ?? undefined));
  });
}

/** Nothing in a file may run with the rights of this address, and the address, which is the right to the file, must not reach other sites. */
const SAFE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Ends a request for a file with a status and no body. */
export function refuseFile(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Cache-Control': 'no-store', ...headers, ...SAFE_HEADERS, 'Content-Length': 0 }).end();
}
