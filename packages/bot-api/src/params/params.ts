import type { tl } from '@aerogram/tl';

import { BotError, badRequest } from '../bot-error.ts';
import { readJson } from '../read-json.ts';

/** A file that came in the body of the request and was saved as an unsent upload of the bot. */
export interface UploadedFile {
  readonly file: tl.InputFile;
  /** As the client named it; '' if it did not. */
  readonly name: string;
  /** As the client named it; '' if it did not. */
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
}

/** What came with a request, by the names of the parameters: texts from queries and forms, any JSON value from JSON bodies. */
export type RawParams = ReadonlyMap<string, unknown>;

/** How a file is given: by what came in the same request, by its `file_id`, or by an address of the web. */
export type FileParam = { kind: 'upload'; upload: UploadedFile } | { kind: 'text'; text: string };

/** A number as clients may write one: programs that calculate a date often write a fraction. */
const NUMBER = /^\+?(-?\d{1,19})(?:\.\d*)?$/;

/** The whole part of a number, as the official server reads integers; undefined for a text that is none. Pure. */
export function readWhole(text: string): bigint | undefined {
  const digits = NUMBER.exec(text.trim())?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

const ATTACHED = 'attach://';

/**
 * The parameters of one request. As with the official server, each may be written as text or as JSON, an absent one and an empty text are the
 * same, and what cannot be read as a number or a boolean counts as 0 or false.
 */
export class Params<Name extends string = string> {
  readonly #raw: RawParams;
  readonly #files: ReadonlyMap<string, UploadedFile>;

  /** @param files by the names of their fields in the form */
  constructor(raw: RawParams, files: ReadonlyMap<string, UploadedFile> = new Map()) {
    this.#raw = raw;
    this.#files = files;
  }

  /** Whether the parameter was given and is not empty. */
  has(name: Name): boolean {
    const value = this.#raw.get(name);
    return (value !== undefined && value !== null && value !== '') || this.#files.has(name);
  }

  /** Whether the parameter was given, even if it is empty. */
  isGiven(name: Name): boolean {
    return (this.#raw.get(name) ?? undefined) !== undefined;
  }

  /** Whether the parameter is `null`, in a JSON body or as text. */
  isNull(name: Name): boolean {
    return this.#raw.get(name) === null || this.#raw.get(name) === 'null';
  }

  /** The parameter as text; '' if it is absent. Values that are not texts are written as JSON. */
  text(name: Name): string {
    const value = this.#raw.get(name);
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  /** The parameter as an integer that fits 53 bits, of a fraction the whole part; `absent` if it is not given or is no number. */
  int(name: Name, absent = 0): number {
    const value = Number(readWhole(this.text(name)) ?? NaN);
    return Number.isSafeInteger(value) ? value : absent;
  }

  /** The parameter as a number; undefined if it is not given or is none. */
  number(name: Name): number | undefined {
    const text = this.text(name).trim();
    const value = text === '' ? NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  /** Whether the parameter is `true`, `yes` or `1`, in any case. */
  bool(name: Name): boolean {
    return ['true', 'yes', '1'].includes(this.text(name).trim().toLowerCase());
  }

  /**
   * The parameter as a JSON value; undefined if it is absent.
   * @param what what the error calls it, such as `reply keyboard markup`
   * @throws BotError 400 `Bad Request: can't parse WHAT JSON object`
   */
  json(name: Name, what: string): unknown {
    const value = this.#raw.get(name);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') return value;
    try {
      return readJson(value);
    } catch (error) {
      if (error instanceof BotError) throw error;
      throw badRequest(`can't parse ${what} JSON object`);
    }
  }

  /** The file of the parameter; undefined if there is none. `attach://NAME` stands for the field NAME of the form. */
  file(name: Name): FileParam | undefined {
    const upload = this.#files.get(name);
    if (upload !== undefined) return { kind: 'upload', upload };
    return this.fileOf(this.text(name));
  }

  /** The file that a text inside of a JSON value names, such as `media` of an album; undefined for an empty text. */
  fileOf(text: string): FileParam | undefined {
    if (text === '') return undefined;
    const upload = text.startsWith(ATTACHED) ? this.#files.get(text.slice(ATTACHED.length)) : undefined;
    return upload === undefined ? { kind: 'text', text } : { kind: 'upload', upload };
  }

  /** What an object inside of the request says, such as one of an album, to be read as the parameters of the request are. */
  inside<Field extends string>(object: object): Params<Field> {
    return new ParamsInside<Field>(new Map(Object.entries(object)), (text) => this.fileOf(text));
  }
}

/** The fields of an object, to be read as the parameters of a request without files are. */
export function paramsOf(object: object): Params {
  return new Params(new Map(Object.entries(object)));
}

/** What an object inside of a request says. It has no files of its own: `attach://NAME` stands for one of the request. */
class ParamsInside<Field extends string> extends Params<Field> {
  readonly #fileOf: (text: string) => FileParam | undefined;

  constructor(raw: RawParams, fileOf: (text: string) => FileParam | undefined) {
    super(raw);
    this.#fileOf = fileOf;
  }

  override file(name: Field): FileParam | undefined {
    return this.fileOf(this.text(name));
  }

  override fileOf(text: string): FileParam | undefined {
    return this.#fileOf(text);
  }
}
