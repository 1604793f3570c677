import type { IncomingMessage } from 'node:http';
import { readBody } from '../read-body.ts';

/** Maximum length of the body of a request, in bytes. */
const BODY_MAX = 16 * 1024;

/** The header that the page sends with each request. Pages of other origins cannot send it without asking first, which is refused. */
export const OWN_HEADER = 'x-aerogram-admin';

/** Why a request is not answered; `status` is that of the answer. */
export class RequestRefused extends Error {
  override name = 'RequestRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Checks that the own page sent a request: by POST, from the address that it was sent to, with its header.
 * @returns whether the page was loaded over TLS
 * @throws RequestRefused
 */
export function checkOwnRequest({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): { isSecure: boolean } {
  if (method !== 'POST') throw new RequestRefused(405, 'only POST');
  const origin = URL.canParse(headers.origin ?? '') ? new URL(headers.origin!) : null;
  const site = headers['sec-fetch-site'];
  if (origin === null || headers.host === undefined || origin.host !== headers.host.toLowerCase() || (site !== undefined && site !== 'same-origin')) {
    throw new RequestRefused(403, 'only the page of this server may ask; a proxy must hand on the Host header as it came, with the port');
  }
  if (headers[OWN_HEADER] !== '1' || !/^application\/json\b/i.test(headers['content-type'] ?? '')) throw new RequestRefused(403, 'only the admin page may ask');
  return { isSecure: origin.protocol === 'https:' };
}

/** Refuses texts with a NUL, which no text of the database can have. */
function refuseNul(key: string, value: unknown): unknown {
  if (key.includes('\0') || (typeof value === 'string' && value.includes('\0'))) throw new RequestRefused(400, 'a text contains a NUL character');
  return value;
}

/** Reads the JSON object in a request. @throws RequestRefused if it is too long, or none, or has a text with a NUL */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request, BODY_MAX);
  if (body === undefined) throw new RequestRefused(413, 'too long');
  try {
    const value: unknown = JSON.parse(body, refuseNul);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof RequestRefused) throw error;
    // Answered below.
  }
  throw new RequestRefused(400, 'no JSON object');
}

/** A text of a request. @throws RequestRefused if it is none, or too long */
export function textOf(body: Readonly<Record<string, unknown>>, name: string, max: number): string {
  const value = body[name];
  if (typeof value !== 'string' || value.length > max) throw new RequestRefused(400, `"${name}" must be a text of at most ${max} characters`);
  return value;
}

/** Bytes of a request, in base64. @throws RequestRefused as {@link textOf} */
export const bytesOf = (body: Readonly<Record<string, unknown>>, name: string, max: number): Uint8Array => Buffer.from(textOf(body, name, Math.ceil(max / 3) * 4), 'base64');
