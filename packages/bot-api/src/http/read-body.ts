import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { BotError, badRequest } from '../bot-error.ts';
import type { RawParams, UploadedFile } from '../params/params.ts';
import { readJson } from '../read-json.ts';
import { FIELDS_MAX, SLICE_BYTES, TEXT_BYTES_MAX } from './body-limits.ts';
import { readFields } from './read-fields.ts';
import { readForm, type SaveUpload, tooLarge, unfinished } from './read-form.ts';

/** What came with a request. */
export interface RequestContent {
  raw: RawParams;
  /** By the names of their fields. */
  files: ReadonlyMap<string, UploadedFile>;
}

const NO_FILES: ReadonlyMap<string, UploadedFile> = new Map();

/** Charges somebody for bytes that have come, whether they could be used or not. */
export type ChargeBytes = (bytes: number) => void;

/**
 * Reads the parameters of a request from its query and its body: a form in either form, or JSON. What the body says counts more.
 * @param save takes a file of the form
 * @param charge gets the bytes that are in no file
 * @throws BotError 400, 413
 */
export async function readContent(request: IncomingMessage, query: string, save: SaveUpload, charge: ChargeBytes): Promise<RequestContent> {
  const raw = new Map<string, unknown>();
  await addForm(raw, Buffer.from(query));
  if (request.method !== 'POST') return { raw, files: NO_FILES };
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'multipart/form-data') return { raw, files: await readForm(request, raw, { save, charge }) };
  await addBody(raw, type, await readBytes(request, charge));
  return { raw, files: NO_FILES };
}

/** Reads parameters from a body without files, or from the answer of a webhook. @throws BotError 400 */
export async function addBody(raw: Map<string, unknown>, type: string, body: Buffer): Promise<void> {
  if (type === 'application/json') await addJson(raw, body);
  else if (type === 'application/x-www-form-urlencoded') await addForm(raw, body);
}

async function addForm(raw: Map<string, unknown>, form: Buffer): Promise<void> {
  if (form.length === 0) return;
  await readFields(form, (name, value) => {
    raw.set(name, value);
    checkCount(raw);
  });
}

async function addJson(raw: Map<string, unknown>, body: Buffer): Promise<void> {
  const text = body.toString('utf8');
  // To decode a long text takes as long as to read it.
  if (body.length > SLICE_BYTES) await setImmediate();
  if (text.trim() === '') return;
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    if (error instanceof BotError) throw error;
    throw badRequest("can't parse JSON object");
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest("can't parse JSON object: expected an object");
  for (const [name, field] of Object.entries(value)) {
    raw.set(name, field);
    checkCount(raw);
  }
}

function checkCount(raw: ReadonlyMap<string, unknown>): void {
  if (raw.size > FIELDS_MAX) throw badRequest('too many parameters');
}

function readBytes(request: IncomingMessage, charge: ChargeBytes): Promise<Buffer> {
  // Listeners cost less than an iterator, and every call comes through here.
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > TEXT_BYTES_MAX) return reject(tooLarge());
    if (request.destroyed) return reject(unfinished());
    const pieces: Buffer[] = [];
    let [bytes, isOver] = [0, false];
    const end = (): void => {
      if (!isOver) charge(bytes);
      isOver = true;
    };
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= TEXT_BYTES_MAX) return void pieces.push(piece);
      pieces.length = 0;
      end();
      reject(tooLarge());
    });
    request.once('end', () => {
      end();
      resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
      // The listeners stay as long as the request, which may wait for updates.
      pieces.length = 0;
    });
    request.once('close', () => {
      if (request.complete) return;
      end();
      reject(unfinished());
    });
  });
}
