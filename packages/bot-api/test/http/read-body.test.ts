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
