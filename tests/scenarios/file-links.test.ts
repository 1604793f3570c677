import { readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { doCreateFileLink } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { tl } from '@mtcute/node';
import { documentIn, makeFile, type SentFile, sendMedia, upload } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let base: string;
beforeAll(async () => {
  scenario = await startScenario();
  base = `http://127.0.0.1:${scenario.server.info.http.port}/file/`;
});
afterAll(() => scenario[Symbol.asyncDispose]());

/** Sends a file to oneself. @returns its document */
async function keep(file: SentFile, mimeType: string): Promise<tl.RawDocument> {
  const alice = await scenario.world.user('Alice');
  const media = { _: 'inputMediaUploadedDocument', file: await upload(alice.main, file), mimeType, attributes: [{ _: 'documentAttributeFilename', fileName: file.name }] } as const;
  const id = await sendMedia(alice.main, media as never, { peer: { _: 'inputPeerSelf' } });
  const found = await alice.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  const [message] = (found as tl.messages.RawMessages).messages;
  return documentIn(message?._ === 'message' ? message.media : undefined);
}

/** A link to a document. @param seconds for which it is valid */
async function linkTo(document: tl.RawDocument, seconds = 60): Promise<string> {
  const token = await doCreateFileLink({ db: scenario.server.db, random: systemRandom, clock: systemClock }, BigInt(document.id.toString()), systemClock.now() + seconds);
  return base + token!;
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a signed link to a file', () => {
  it('gives the whole file, or the part that is asked for', async () => {
    const file = makeFile(1_500_001, 'Übersicht "neu".bin');
    const link = await linkTo(await keep(file, 'application/zip'));
    const whole = await fetch(link);
    expect(whole.status).toBe(200);
    expect(Buffer.compare(await bytesOf(whole), file.bytes)).toBe(0);
    const headers = Object.fromEntries(whole.headers);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '1500001',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(headers['content-disposition']).toMatch(/^attachment; filename=".*"; filename\*=UTF-8''%C3%9Cbersicht%20%22neu%22\.bin$/);
    for (const [range, from, to] of [['bytes=0-0', 0, 1], ['bytes=524287-524289', 524_287, 524_290], ['bytes=1500000-', 1_500_000, 1_500_001], ['bytes=-5', 1_499_996, 1_500_001], ['bytes=1000-9999999', 1000, 1_500_001]] as const) {
      const part = await fetch(link, { headers: { range } });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/1500001`]);
      expect(Buffer.compare(await bytesOf(part), file.bytes.subarray(from, to))).toBe(0);
    }
    for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=x']) expect((await fetch(link, { headers: { range } })).status).toBe(200);
    const beyond = await fetch(link, { headers: { range: 'bytes=1500001-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1500001']);
  });

  it('lets a browser keep the file no longer than the link is valid', async () => {
    const document = await keep(makeFile(1000), 'image/png');
    const ageOf = ({ headers }: Response): number => Number(/^private, max-age=(\d+), immutable$/.exec(headers.get('cache-control') ?? '')?.[1]);
    const short = await fetch(await linkTo(document, 60));
    expect(ageOf(short)).toBeGreaterThan(0);
    expect(ageOf(short)).toBeLessThanOrEqual(60);
    const again = await fetch(short.url, { headers: { 'if-none-match': short.headers.get('etag')! } });
    expect(again.status).toBe(304);
    expect(ageOf(again)).toBeLessThanOrEqual(60);
    expect(ageOf(await fetch(await linkTo(document, 86_400)))).toBe(3600);
  });

  it('goes through a file of many steps without a listener for each', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    const file = makeFile(8_000_000);
    expect(Buffer.compare(await bytesOf(await fetch(await linkTo(await keep(file, 'application/zip')))), file.bytes)).toBe(0);
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('is answered by the head alone, or by nothing new, if that is asked for', async () => {
    const link = await linkTo(await keep(makeFile(5000), 'image/png'));
    const head = await fetch(link, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('content-type'), head.headers.get('content-disposition')]).toEqual([200, '5000', 'image/png', 'inline; filename="notes.txt"']);
    const etag = head.headers.get('etag')!;
    expect((await fetch(link, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(link, { headers: { 'if-range': etag, range: 'bytes=0-9' } })).status).toBe(206);
    expect((await fetch(link, { headers: { 'if-range': '"another"', range: 'bytes=0-9' } })).status).toBe(200);
    expect((await fetch(link, { method: 'POST' })).status).toBe(405);
  });

  it('never lets a file run in the browser', async () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript', 'application/pdf']) {
      const { headers } = await fetch(await linkTo(await keep(makeFile(100, 'page.html'), type)));
      expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual(['application/octet-stream', 'attachment; filename="page.html"']);
    }
  });

  it('is never valid for more than a week', async () => {
    const document = await keep(makeFile(100), 'text/plain');
    const week = 7 * 86_400;
    expect((await fetch(await linkTo(document, week))).status).toBe(200);
    await expect(linkTo(document, week + 60)).rejects.toThrow('a week at most');
    const clock = { ...systemClock, now: () => systemClock.now() + 60 };
    const token = await doCreateFileLink({ db: scenario.server.db, random: systemRandom, clock }, BigInt(document.id.toString()), clock.now() + week);
    expect((await fetch(base + token!)).status).toBe(404);
  });

  it('is not valid when it was changed, has expired, or belongs to nothing', async () => {
    const document = await keep(makeFile(100), 'text/plain');
    const link = await linkTo(document);
    expect((await fetch(`${link}/notes.txt`)).status).toBe(200);
    const changed = [...Array(link.length - base.length).keys()].map((at) => {
      const place = base.length + at;
      return link.slice(0, place) + (link[place] === 'A' ? 'B' : 'A') + link.slice(place + 1);
    });
    // Some of these decode to the same bytes.
    const endings = ALPHABET.split('').map((character) => link.slice(0, -1) + character).filter((other) => other !== link);
    for (const other of [...changed, ...endings, link.slice(0, -1), `${link}A`, await linkTo(document, 0), await linkTo(document, -60)]) expect((await fetch(other)).status).toBe(404);
    expect((await fetch(`${base}${document.id}`)).status).toBe(404);
    await scenario.server.db.q.deleteFrom('documents').where('document_id', '=', BigInt(document.id.toString())).execute();
    expect((await fetch(link)).status).toBe(404);
    expect(await doCreateFileLink({ db: scenario.server.db, random: systemRandom, clock: systemClock }, 1n, systemClock.now() + 60)).toBeUndefined();
  });
});

it('bytes of files and finished uploads are counted', async () => {
  const count = async (): Promise<number[]> => {
    const page = await readMetrics(scenario.server.info);
    const metrics = ['file_bytes_total{direction="in"}', 'file_bytes_total{direction="out"}', 'uploads_total{content="new"}', 'uploads_total{content="known"}'];
    return metrics.map((name) => sumOfMetric(page, `aerogram_${name}`));
  };
  const before = await count();
  const file = makeFile(5000);
  await keep(file, 'text/plain');
  await fetch(await linkTo(await keep(file, 'text/plain')), { headers: { range: 'bytes=0-99' } });
  const after = await count();
  expect(after.map((number, at) => number - before[at]!)).toEqual([10_000, 100, 1, 1]);
});
