import { StringDecoder } from 'node:string_decoder';

/** Calls a function with each line of a stream of UTF-8. What comes after the last line break is left out, and errors of the stream are nobody's: whoever opened it sees its end. */
export function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
  });
  stream.on('error', () => {});
}
