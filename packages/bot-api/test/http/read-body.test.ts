import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readContent, type RequestContent } from '../../src/http/read-body.ts';

const TYPES = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=B'];

/** A request whose body the test writes. */
function requestOf(type: string, length?: number): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = 'POST';
  request.headers = { 'content-type': type, ...(length === undefined ? {} : { 'content-length': String(length) }) };
  return request;
}

const read = (request: IncomingMessage, charge: (bytes: number) => void = () => undefined): Promise<RequestContent> => readContent(request, '', () => Promise.reject(new Error('there is no file')), charge);

describe('a request that its client gives up', () => {
  test.each(TYPES)('before anybody reads it fails at once (%s)', async (type) => {
    const request = requestOf(type);
    request.destroy();
    await expect(read(request)).rejects.toMatchObject({ code: 400, message: 'Bad Request: the request was not finished' });
  });

  test.each(TYPES)('while its body comes fails (%s)', async (type) => {
    const request = requestOf(type, 1000);
    request.push('--B');
    const content = read(request);
    request.destroy();
    await expect(content).rejects.toMatchObject({ code: 400, message: 'Bad Request: the request was not finished' });
  });
});

test.each(TYPES.slice(0, 2))('a text is refused for the length that it announces, or for what came of it (%s)', async (type) => {
  const mib = 2 ** 20;
  await expect(read(requestOf(type, 5 * mib))).rejects.toMatchObject({ code: 413 });
  const request = requestOf(type);
  const content = read(request);
  for (let n = 0; n < 5; n++) request.push(Buffer.alloc(mib, 'x'));
  await expect(content).rejects.toMatchObject({ code: 413 });
});

test('a body in pieces is read as one, also within a character', async () => {
  const request = requestOf('application/json');
  const content = read(request);
  const body = Buffer.from('{"text":"für"}');
  request.push(body.subarray(0, 11));
  request.push(body.subarray(11));
  request.push(null);
  expect((await content).raw.get('text')).toBe('für');
});

describe('a form', () => {
  const FORM = TYPES[2]!;
  const refusedAfter = async (...pieces: (string | Buffer)[]): Promise<string> => {
    const request = requestOf(FORM);
    const content = readContent(request, '', async ({ bytes }) => {
      for await (const _ of bytes);
      return { file: { _: 'inputFileBig', id: 1n, parts: 1, name: '' }, name: '', mimeType: '', size: 1 };
    }, () => undefined);
    // No end comes: who waits for one waits for ever.
    for (const piece of pieces) request.push(piece);
    return content.then(
      () => 'not refused',
      (error: Error) => error.message,
    );
  };
  const MIBS = Array.from({ length: 6 }, () => Buffer.alloc(2 ** 20, 'x'));
  const FIELD = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';

  test('in which no boundary comes is not read to its end, and neither is what follows its last one', async () => {
    expect(await refusedAfter(...MIBS)).toBe('Request Entity Too Large');
    expect(await refusedAfter(`${FIELD}--B--\r\n`, ...MIBS)).toBe('Request Entity Too Large');
    expect(await refusedAfter(FIELD, '--B\r\nContent-Type: text/plain\r\n\r\n', ...MIBS)).toBe('Request Entity Too Large');
  });

  test('whose type names no boundary, or a wrong one, is refused before it comes', async () => {
    for (const [type, text] of [['multipart/form-data', 'boundary not found'], ['multipart/form-data; boundary=', 'boundary too big or empty'], [`multipart/form-data; boundary=${'B'.repeat(4000)}`, 'boundary too big or empty']] as const) {
      await expect(read(requestOf(type))).rejects.toThrow(`Bad Request: ${text}`);
    }
  });

  test('with a file that is longer than all of its fields may be is read', async () => {
    const request = requestOf(FORM);
    let size = 0;
    const content = readContent(request, '', async ({ bytes }) => {
      for await (const { length } of bytes) size += length;
      return { file: { _: 'inputFileBig', id: 1n, parts: 1, name: '' }, name: '', mimeType: '', size };
    }, () => undefined);
    for (const piece of [FIELD, '--B\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n', ...MIBS, ...MIBS, '\r\n--B--\r\n', null]) request.push(piece);
    expect([...(await content).files.keys()]).toEqual(['f']);
    expect(size).toBe(12 * 2 ** 20);
  });
});

describe('a hostile body', () => {
  const MIB = 2 ** 20;
  const [JSON_TYPE, FORM, MULTIPART] = TYPES as [string, string, string];
  const part = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';
  /** Each is as long as may be. */
  const HOSTILE: [name: string, type: string, text: (bytes: number) => string][] = [
    ['with a field in each two bytes', FORM, (bytes) => 'a&'.repeat(bytes / 2)],
    ['with one coded field', FORM, (bytes) => `a=${'%41'.repeat((bytes - 4) / 3)}`],
    ['of spaces', FORM, (bytes) => `a=${'+'.repeat(bytes - 2)}`],
    ['of broken codes', FORM, (bytes) => `a=${'%'.repeat(bytes - 2)}`],
    ['of names of their own', JSON_TYPE, (bytes) => `{${Array.from({ length: bytes / 16 }, (_, n) => `"n${n}":1`).join(',')}}`],
    ['of nested lists', JSON_TYPE, (bytes) => '['.repeat(bytes)],
    ['of quotes', JSON_TYPE, (bytes) => '"'.repeat(bytes)],
    ['of escapes', JSON_TYPE, (bytes) => `{"a":"${'\\n'.repeat(bytes / 2 - 4)}"}`],
    ['of blanks', JSON_TYPE, (bytes) => ' '.repeat(bytes)],
    ['of delimiters', MULTIPART, (bytes) => '--B\r\n'.repeat(bytes / 6)],
    ['of short parts', MULTIPART, (bytes) => part.repeat(bytes / part.length)],
    ['that is nearly a delimiter all through', MULTIPART, (bytes) => `${part.slice(0, -3)}${'\r\n--'.repeat((bytes - 100) / 4)}`],
  ];

  /** The processor time of this thread that the longest turn of the event loop takes while something runs, in milliseconds. */
  async function longestTurn(run: () => Promise<unknown>): Promise<number> {
    let [longest, isOver] = [0, false];
    const ended = run().catch(() => undefined).finally(() => (isOver = true));
    while (!isOver) {
      const began = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, performance.now() - began);
    }
    await ended;
    return longest;
  }

  /** Sends a body in pieces, as they come from a socket. */
  function send(type: string, body: Buffer): () => Promise<unknown> {
    return async () => {
      const request = requestOf(type, body.length);
      const content = read(request);
      content.catch(() => undefined);
      for (let at = 0; at < body.length && !request.destroyed; at += 65_536) {
        request.push(body.subarray(at, at + 65_536));
        await new Promise((resolve) => setImmediate(resolve));
      }
      request.push(null);
      return content;
    };
  }

  test('holds nobody up for longer than it takes to decode a plain one', { retry: 2 }, async () => {
    const floor = Math.max(2, await longestTurn(send(JSON_TYPE, Buffer.from(`{"a":"${'x'.repeat(MIB - 8)}"}`))));
    for (const [name, type, text] of HOSTILE) {
      const body = Buffer.from(text(MIB));
      expect(await longestTurn(send(type, body)), name).toBeLessThan(10 * floor);
    }
    // What is longer is not read.
    const long = Buffer.from('a&'.repeat(2 * MIB));
    expect(await longestTurn(send(FORM, long))).toBeLessThan(10 * floor);
  });

  test('is counted before it is read', async () => {
    const told = async (type: string, text: string): Promise<[string, number]> => {
      const request = requestOf(type);
      let charged = 0;
      const content = read(request, (bytes) => (charged += bytes)).then(() => '', (error: Error) => error.message);
      request.push(text);
      request.push(null);
      return [await content, charged];
    };
    expect(await told(FORM, 'a&'.repeat(500))).toEqual(['Bad Request: too many parameters', 1000]);
    expect(await told(FORM, 'a&'.repeat(499))).toEqual(['', 998]);
    expect(await told(MULTIPART, `${part.repeat(531)}--B--\r\n`)).toEqual(['Bad Request: too many parameters', expect.any(Number)]);
    expect(await told(MULTIPART, `${'--B\r\n'.repeat(531)}`)).toEqual(['Bad Request: too many parameters', expect.any(Number)]);
    expect(await told(JSON_TYPE, `{"a":[${'1,'.repeat(30_000)}1]}`)).toEqual(['Bad Request: the value is too large', expect.any(Number)]);
  });
});

test('a form is decoded as by URLSearchParams, also where a slice ends', async () => {
  const x = (count: number): string => 'x'.repeat(count);
  const texts = ['a=1&b=2&a=3', '&&=x&y&z=', 'a=%', 'a=%4', 'a=%41%zz%E2%82%AC+%2B', 'ü=ö+', 'a=%ff%C3', 'a==b=c', `a=${x(65_535)}%41+`, `a=+${x(65_533)}%C3%BC%`, `${'%41'.repeat(50_000)}=${'+'.repeat(70_000)}`];
  for (const text of texts) {
    const request = requestOf(TYPES[1]!);
    const content = read(request);
    request.push(text);
    request.push(null);
    expect([...(await content).raw], text.slice(0, 40)).toEqual([...new Map(new URLSearchParams(text))]);
  }
});

test('the parts of a form are counted also where a delimiter is in two pieces', async () => {
  const request = requestOf(TYPES[2]!);
  const content = read(request);
  content.catch(() => undefined);
  for (let n = 0; n < 531; n++) for (const piece of ['--', 'B\r', '\n\r\n\r', '\n']) request.push(piece);
  await expect(content).rejects.toThrow('Bad Request: too many parameters');
});
