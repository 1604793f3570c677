import { isAscii, isUtf8, transcode } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type ByteBudget, findJsonExcess, systemClock, waitForRoom } from '@aerogram/runtime';
import { ControlError } from './control-error.ts';

/** The longest body, in bytes: enough for a file of 48 MB in base64. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** The most values of a body: the largest that makes sense names 200 members of a group. */
const VALUES_MAX = 2000;

/** How long a request waits until there is room for its body, in milliseconds. */
const ROOM_WAIT_MS = 30_000;

/**
 * Reads the body of a request as JSON.
 * @param room bytes of bodies that are in memory at once
 * @throws ControlError `invalid`, also as 413 and 415; `busy` when there was no room for long
 */
export async function readJsonBody(request: IncomingMessage, room: ByteBudget): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json') throw new ControlError('invalid', 'The header "Content-Type" must be application/json.', { status: 415 });
  const length = Number(request.headers['content-length'] ?? BODY_BYTES_MAX);
  if (length > BODY_BYTES_MAX) throw tooLarge();
  const release = await waitForRoom(room, { clock: systemClock, owner: 'bodies', bytes: length, maxWaitMs: ROOM_WAIT_MS });
  if (release === undefined) throw new ControlError('busy', 'Too many large requests are sent at the same time.');
  try {
    return await parse(await readBytes(request));
  } finally {
    release();
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Others have their turn between the steps. */
async function parse(bytes: Buffer): Promise<unknown> {
  try {
    if (!isUtf8(bytes)) throw notJson();
    await setImmediate();
    const text = decode(bytes);
    await setImmediate();
    const excess = findJsonExcess(text, VALUES_MAX);
    if (excess === 'deep') throw new ControlError('invalid', 'The body is nested too deeply.');
    if (excess === 'large') throw new ControlError('invalid', 'The body has too many values.');
    await setImmediate();
    const value = JSON.parse(text) as unknown;
    await setImmediate();
    return value;
  } catch (error) {
    // The reasons of the parser may repeat a part of the body, such as a token.
    if (error instanceof ControlError) throw error;
    throw notJson();
  }
}

/** Decodes UTF-8. For some megabytes the decoder of buffers takes more than ten times as long. */
function decode(bytes: Buffer): string {
  const text = isAscii(bytes) ? bytes.toString('latin1') : transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
  // Some programs begin with a byte order mark.
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

const notJson = (): ControlError => new ControlError('invalid', 'The body is not JSON in UTF-8.');

const tooLarge = (): ControlError => new ControlError('invalid', `The body is longer than ${BODY_BYTES_MAX} bytes.`, { status: 413 });
