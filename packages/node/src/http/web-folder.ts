import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chooseEncoding, type Encoding, ENCODINGS } from './accept-encoding.ts';

/** The content types by extension. Files with other extensions, such as source maps, are not served. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
]);

const INDEX = 'index.html';
/** Files that have the same path in each build, by the path at which they are served. All others have a hash in their names. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ['/', INDEX],
  ['/worker.js', 'worker.js'],
  ['/sw.js', 'sw.js'],
  ['/manifest.webmanifest', 'manifest.webmanifest'],
  ...['icon-192.png', 'icon-512.png', 'icon-maskable-512.png', 'badge-96.png'].map((name): [string, string] => [`/${name}`, name]),
]);
const ASSETS = 'assets';
const BUILD = 'build.txt';
const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };
/** Bytes of files that stay in memory: several times as many as the client has. A file beyond them is read for each request. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** A file of the folder, before it was read. */
interface Entry {
  path: string;
  type: string;
  encodings: Encoding[];
  hasHash: boolean;
}

interface Content {
  bytes: Buffer;
  /** Names these bytes, so each encoding of a file has its own one. */
  etag: string;
}

/** A file of the web client, as it is sent. */
export interface WebFile extends Content {
  type: string;
  encoding: Encoding | undefined;
  /** Whether its path contains a hash of its content, so that it never changes. */
  hasHash: boolean;
}

/**
 * The built web client. Only files that were in the folder when it was opened are served. Those with fixed names are read then, so that they
 * all come from one build, even if another build is made meanwhile; the others are read when they are first requested.
 */
export class WebFolder {
  /** Names the build; '' if the build did not say. */
  readonly build: string;
  /** By the path of the request. */
  readonly #entries: ReadonlyMap<string, Entry>;
  /** By the path of the file. */
  readonly #contents = new Map<string, Promise<Content>>();
  #keptBytes = 0;

  private constructor(build: string, entries: ReadonlyMap<string, Entry>) {
    this.build = build;
    this.#entries = entries;
  }

  /** Opens the folder that the build made. @returns undefined if no client was built there */
  static async open(folder: string): Promise<WebFolder | undefined> {
    const names = await listFiles(folder);
    if (!names.has(INDEX)) return undefined;
    const assets = await listFiles(join(folder, ASSETS));
    const entries = new Map<string, Entry>();
    const add = (path: string, file: { name: string; folder: string; names: ReadonlySet<string>; hasHash: boolean }): void => {
      const type = TYPES.get(extname(file.name));
      if (type === undefined || !file.names.has(file.name)) return;
      const encodings = ENCODINGS.filter((encoding) => file.names.has(file.name + SUFFIXES[encoding]));
      entries.set(path, { path: join(file.folder, file.name), type, encodings, hasHash: file.hasHash });
    };
    for (const [path, name] of FIXED) add(path, { name, folder, names, hasHash: false });
    for (const name of assets) add(`/${ASSETS}/${name}`, { name, folder: join(folder, ASSETS), names: assets, hasHash: true });
    const build = names.has(BUILD) ? (await readFile(join(folder, BUILD), 'utf8')).trim() : '';
    const opened = new WebFolder(build, entries);
    for (const { path, encodings, hasHash } of entries.values()) {
      if (!hasHash) await Promise.all([undefined, ...encodings].map((encoding) => opened.#content(path, encoding)));
    }
    return opened;
  }

  /** Whether there is a file for the path of a request. */
  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /**
   * Reads the file for the path of a request.
   * @param acceptEncoding the request's header
   * @returns undefined if there is no such file, or if it was deleted since
   * @throws the system's error if it cannot be read
   */
  async find(path: string, acceptEncoding: string | undefined): Promise<WebFile | undefined> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    const { type, hasHash } = entry;
    const encoding = chooseEncoding(acceptEncoding, entry.encodings);
    try {
      return { ...(await this.#content(entry.path, encoding)), type, encoding, hasHash };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #content(path: string, encoding: Encoding | undefined): Promise<Content> {
    const file = encoding === undefined ? path : path + SUFFIXES[encoding];
    let content = this.#contents.get(file);
    if (content === undefined) {
      content = this.#read(file);
      this.#contents.set(file, content);
    }
    return content;
  }

  async #read(file: string): Promise<Content> {
    let isKept = false;
    try {
      const bytes = await readFile(file);
      isKept = this.#keptBytes + bytes.length <= KEPT_BYTES;
      if (isKept) this.#keptBytes += bytes.length;
      return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
    } finally {
      if (!isKept) this.#contents.delete(file);
    }
  }
}

/** The names of the files in a folder; none if there is no such folder. */
async function listFiles(folder: string): Promise<ReadonlySet<string>> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return new Set(found.filter((entry) => entry.isFile()).map(({ name }) => name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}
