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

const read = (request: IncomingMessage): Promise<RequestContent> => readContent(request, '', () => Promise.reject(new Error('there is no file')));

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
    });
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
    });
    for (const piece of [FIELD, '--B\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n', ...MIBS, ...MIBS, '\r\n--B--\r\n', null]) request.push(piece);
    expect([...(await content).files.keys()]).toEqual(['f']);
    expect(size).toBe(12 * 2 ** 20);
  });
});
