import { TlError } from './tl-error.ts';
import type { TlReader } from './tl-reader.ts';
import type { TlWriter } from './tl-writer.ts';

type Boxed = { readonly _: string };

/** Writes a method's result; `type` is its TL type as in `METHODS`. */
export function writeResult(w: TlWriter, type: string, value: unknown): void {
  switch (type) {
    case 'Bool': return w.bool(value as boolean);
    case 'Vector<int>': return w.ints(value as number[]);
    case 'Vector<long>': return w.longs(value as bigint[]);
    case 'Vector<string>': return w.strings(value as string[]);
    case 'Vector<Bool>': return w.vectorOf(value as boolean[], (item) => w.bool(item));
    default:
      if (type.startsWith('Vector<')) return w.vector(value as Boxed[]);
      if (type === 'X') throw new TlError('bad_value', 'the result of a wrapper is that of the method inside');
      return w.boxed(value as Boxed);
  }
}

/** Reads a method's result; `type` is its TL type as in `METHODS`. Clients and tests need it, servers do not. */
export function readResult(r: TlReader, type: string): unknown {
  switch (type) {
    case 'Bool': return r.bool();
    case 'Vector<int>': return r.ints();
    case 'Vector<long>': return r.longs();
    case 'Vector<string>': return r.strings();
    case 'Vector<Bool>': return r.vectorOf((item) => item.bool());
    default: return type.startsWith('Vector<') ? r.vector(0) : r.boxed();
  }
}
