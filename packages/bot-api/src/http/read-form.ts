import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { BotError, badRequest } from '../bot-error.ts';
import type { UploadedFile } from '../params/params.ts';
import { FIELDS_MAX, FILES_MAX, TEXT_BYTES_MAX } from './body-limits.ts';

/** A file that comes in a form. */
export interface ComingFile {
  /** As the client named it; '' if it did not. */
  name: string;
  mimeType: string;
  bytes: AsyncIterable<Buffer>;
}

/** The client closed the connection before the end of the body; nobody reads this answer. */
export const unfinished = (): BotError => badRequest('the request was not finished');

/** The body, or a part of it, is longer than any that a method needs. */
export const tooLarge = (): BotError => new BotError(413, 'Request Entity Too Large');

/** Saves a file while it comes. @throws BotError, RpcError; what is left of the file is then not read */
export type SaveUpload = (file: ComingFile) => Promise<UploadedFile>;

const NAME_BYTES_MAX = 256;

/** The most bytes of a form that are in no file: its fields, what stands around them, and what the parser holds of files that are not saved yet. */
const OTHER_BYTES_MAX = TEXT_BYTES_MAX + 1024 * 1024;

/** Longest boundary, as RFC 2046 says. */
const BOUNDARY_MAX = 70;
/** What it may consist of. */
const BOUNDARY = /^[\w'()+,\-./:=? ]+$/;

/** The most parts of a form. The parser makes objects of each, however short it is. */
const PARTS_MAX = FIELDS_MAX + FILES_MAX;

/** Counts the parts of a form as its pieces come, before the parser has them. */
class PartCounter {
  readonly #delimiter: Buffer;
  /** The end of the last piece, in which a delimiter may have begun. */
  #rest: Buffer = Buffer.from('\r\n');
  #parts = 0;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  /** Whether the form has too many parts with this piece. */
  isExceededBy(piece: Buffer): boolean {
    const { length } = this.#delimiter;
    // A delimiter that ends within the first bytes of the piece begins in the rest of the last one.
    const seam = Buffer.concat([this.#rest, piece.subarray(0, length - 1)]);
    for (const bytes of [seam, piece]) {
      for (let at = bytes.indexOf(this.#delimiter); at !== -1; at = bytes.indexOf(this.#delimiter, at + length)) if (++this.#parts > PARTS_MAX) return true;
    }
    const end = Buffer.concat([this.#rest, piece.subarray(-(length - 1))]);
    this.#rest = end.subarray(-(length - 1));
    return false;
  }
}

/**
 * Reads a form with files. Each file is saved while it comes, so no more than a part of it is in memory.
 * @param raw gets the fields that are no files
 * @param save takes a file of the form
 * @param charge gets the bytes that are in no file
 * @returns the files by the names of their fields
 * @throws BotError 400, 413; what `save` throws
 */
export function readForm(request: Readable & Pick<IncomingMessage, 'headers'>, raw: Map<string, unknown>, { save, charge }: { save: SaveUpload; charge: (bytes: number) => void }): Promise<Map<string, UploadedFile>> {
  return new Promise((resolve, reject) => {
    const boundary = readBoundary(request.headers['content-type']!);
    const parts = new PartCounter(boundary);
    const files = new Map<string, UploadedFile>();
    let saving = Promise.resolve();
    let fieldBytes = 0;
    let otherBytes = 0;
    let form: BusboyInstance;
    const fail = (error: unknown): void => {
      request.off('data', count);
      request.unpipe(form);
      form.destroy();
      charge(Math.max(0, otherBytes));
      reject(error instanceof Error ? error : badRequest("can't parse multipart form data"));
    };
    // Without it, a form in which no boundary comes, or that has ended, would be read as long as its client sends.
    const count = (piece: Buffer): void => {
      otherBytes += piece.length;
      if (otherBytes > OTHER_BYTES_MAX) fail(tooLarge());
      else if (parts.isExceededBy(piece)) fail(badRequest('too many parameters'));
    };
    async function* saved(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const piece of pieces) {
        otherBytes -= piece.length;
        yield piece;
      }
    }
    if (request.destroyed) return reject(unfinished());
    try {
      form = new Busboy({
        // The parser must look for the boundary that is counted here.
        headers: { ...request.headers, 'content-type': `multipart/form-data; boundary="${boundary}"` },
        limits: { fields: FIELDS_MAX, files: FILES_MAX, fieldNameSize: NAME_BYTES_MAX, fieldSize: TEXT_BYTES_MAX, headerPairs: 50 },
      });
    } catch {
      return reject(badRequest("can't parse multipart form data"));
    }
    form.on('field', (name, value) => {
      fieldBytes += value.length;
      // The parser cuts what is too long; half a value must not count as the whole.
      if (fieldBytes >= TEXT_BYTES_MAX) return fail(tooLarge());
      raw.set(name, value);
    });
    form.on('file', (...[field, bytes, name, , mimeType]) => {
      bytes.on('error', fail);
      // One after the other, as they come: the parser goes on once the bytes of this one are taken.
      saving = saving.then(async () => void files.set(field, await save({ name: name ?? '', mimeType: mimeType ?? '', bytes: saved(bytes) })));
      saving.catch(fail);
    });
    form.on('fieldsLimit', () => fail(badRequest('too many parameters')));
    form.on('filesLimit', () => fail(badRequest('too many files')));
    form.on('error', () => fail(badRequest("can't parse multipart form data")));
    const finish = (): void => {
      charge(Math.max(0, otherBytes));
      resolve(files);
    };
    form.on('finish', () => void saving.then(finish, fail));
    request.once('close', () => {
      if (!request.readableEnded) fail(unfinished());
    });
    request.on('data', count);
    request.pipe(form);
  });
}

/** Reads the boundary in the type of a form. The parser would look for an empty one for ever. @throws BotError 400 */
function readBoundary(type: string): string {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;]*))/i.exec(type);
  if (boundary === null) throw badRequest('boundary not found');
  const text = boundary[1] ?? boundary[2]!.trim();
  if (text.length === 0 || text.length > BOUNDARY_MAX) throw badRequest('boundary too big or empty');
  if (!BOUNDARY.test(text)) throw badRequest("can't parse multipart form data");
  return text;
}
