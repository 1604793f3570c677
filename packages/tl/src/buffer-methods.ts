// Methods of Node's Buffer that its type declarations leave out: the plain form of `write` and `toString`, without the
// choice of encoding on each call.
declare global {
  interface Buffer {
    utf8Write(text: string, offset: number, length: number): number;
    utf8Slice(start: number, end: number): string;
    latin1Slice(start: number, end: number): string;
  }
}

export {};
