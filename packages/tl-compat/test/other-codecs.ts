// Codecs of other projects: GramJS (layer 198) and mtcute (layer 227), as independent readers of what we write.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TlBinaryReader, type TlReaderMap } from '@mtcute/tl-runtime';

interface GramReader {
  tgReadObject(): unknown;
  tellPosition(): number;
}

const require = createRequire(import.meta.url);
require('telegram/tl'); // registers the constructors that its reader needs
const { BinaryReader } = require('telegram/extensions') as { BinaryReader: new (bytes: Buffer) => GramReader };
// Its package does not export the generated readers, so they are loaded by path.
const readerPath = join(dirname(fileURLToPath(import.meta.resolve('@mtcute/core/tl/api-schema.json'))), 'binary/reader.js');
const { __tlReaderMap } = (await import(pathToFileURL(readerPath).href)) as { __tlReaderMap: TlReaderMap };

export interface ForeignValue {
  value: unknown;
  /** Number of unread bytes. */
  left: number;
}

/** Decodes with the codec of a client of the layer. */
export const FOREIGN_READERS: Record<number, (bytes: Uint8Array) => ForeignValue> = {
  198: (bytes) => {
    const reader = new BinaryReader(Buffer.from(bytes));
    const value = reader.tgReadObject();
    return { value, left: bytes.length - reader.tellPosition() };
  },
  227: (bytes) => {
    const reader = new TlBinaryReader(__tlReaderMap, new Uint8Array(bytes));
    const value = reader.object();
    return { value, left: bytes.length - reader.pos };
  },
};

/** A name without namespace, case and separators, because each library spells it differently. */
const plainName = (name: string) => name.slice(name.lastIndexOf('.') + 1).replaceAll(/[^a-zA-Z0-9]/g, '').toLowerCase();

/** The first difference between a foreign value and what our schema reader read; `undefined` if there is none. */
export function findDifference(ours: unknown, theirs: unknown, path = ''): string | undefined {
  const wrong = () => `${path}: ${String(ours)} ≠ ${String(theirs)}`;
  if (ours === undefined || ours === false) return theirs === undefined || theirs === null || theirs === false ? undefined : wrong();
  if (ours instanceof Uint8Array) return Buffer.compare(ours, bytesOf(theirs)) === 0 ? undefined : wrong();
  if (typeof ours === 'bigint') return String(theirs) === String(ours) ? undefined : wrong();
  if (Array.isArray(ours)) {
    if (!Array.isArray(theirs) || theirs.length !== ours.length) return `${path}: length`;
    return firstOf(ours.map((item, i) => () => findDifference(item, theirs[i], `${path}[${i}]`)));
  }
  if (typeof ours === 'object' && ours !== null) {
    const foreign = theirs as Record<string, unknown>;
    const name = (foreign.className ?? foreign._) as string;
    const own = ours as Record<string, unknown> & { _: string };
    const fields = new Map(Object.keys(foreign).map((key) => [plainName(key), foreign[key]]));
    if (plainName(own._) !== plainName(name)) return `${path}: ${own._} ≠ ${name}`;
    return firstOf(Object.keys(own).filter((key) => key !== '_').map((key) => () => findDifference(own[key], fields.get(plainName(key)), `${path}.${key}`)));
  }
  return ours === theirs ? undefined : wrong();
}

function firstOf(checks: (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const difference = check();
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Byte strings, and the big integers that GramJS uses for int256. */
function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
