import type { IncomingMessage } from 'node:http';
import { BotError, badRequest } from '../bot-error.ts';
import type { RawParams, UploadedFile } from '../params/params.ts';
import { readJson } from '../params/read-json.ts';
import { FIELDS_MAX, TEXT_BYTES_MAX } from './body-limits.ts';
import { readForm, type SaveUpload, tooLarge, unfinished } from './read-form.ts';

/** What came with a request. */
export interface RequestContent {
  raw: RawParams;
  /** By the names of their fields. */
  files: ReadonlyMap<string, UploadedFile>;
}

const NO_FILES: ReadonlyMap<string, UploadedFile> = new Map();

/**
 * Reads the parameters of a request from its query and its body: a form in either form, or JSON. What the body says counts more.
 * @param save takes a file of the form
 * @throws BotError 400, 413
 */
export async function readContent(request: IncomingMessage, query: string, save: SaveUpload): Promise<RequestContent> {
  const raw = new Map<string, unknown>();
  addForm(raw, query);
  if (request.method !== 'POST') return { raw, files: NO_FILES };
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'multipart/form-data') return { raw, files: await readForm(request, raw, save) };
  const body = await readText(request);
  addText(raw, type, body);
  return { raw, files: NO_FILES };
}

/** Reads parameters from a text: of a body without files, or of the answer of a webhook. @throws BotError 400 */
export function addText(raw: Map<string, unknown>, type: string, body: string): void {
  if (type === 'application/json') addJson(raw, body);
  else if (type === 'application/x-www-form-urlencoded') addForm(raw, body);
}

function addForm(raw: Map<string, unknown>, text: string): void {
  if (text === '') return;
  for (const [name, value] of new URLSearchParams(text)) {
    raw.set(name, value);
    checkCount(raw);
  }
}

function addJson(raw: Map<string, unknown>, text: string): void {
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

function readText(request: IncomingMessage): Promise<string> {
  // Listeners cost less than an iterator, and every call comes through here.
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > TEXT_BYTES_MAX) return reject(tooLarge());
    if (request.destroyed) return reject(unfinished());
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= TEXT_BYTES_MAX) return void pieces.push(piece);
      pieces.length = 0;
      reject(tooLarge());
    });
    request.once('end', () => {
      resolve(Buffer.concat(pieces).toString('utf8'));
      // The listeners stay as long as the request, which may wait for updates.
      pieces.length = 0;
    });
    request.once('close', () => {
      if (!request.complete) reject(unfinished());
    });
  });
}
