// Methods of Node's Buffer that are missing in its type declarations: `write` and `toString` for one encoding, without choosing the
// encoding on each call.
declare global {
  interface Buffer {
    utf8Write(text: string, offset: number, length: number): number;
    utf8Slice(start: number, end: number): string;
    latin1Slice(start: number, end: number): string;
  }
}

export {};
