import { rpcError } from '@aerogram/errors';
import { createFakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import { beforeEach, describe, expect, it } from 'vitest';

import type { FetchedFile } from '../src/shared/index.ts';
import { createUrlUploads, type UrlFile, type UrlSender, type UrlUpload, type UrlUploads } from '../src/web-files/index.ts';

const ALICE: UrlSender = { userId: 10n, isBot: false };
const BOB: UrlSender = { userId: 18n, isBot: false };
const BOT: UrlSender = { userId: 26n, isBot: true };
const PAPER = Buffer.from('%PDF-1.4 a paper');
const MEBIBYTE = 1024 * 1024;

let clock: ReturnType<typeof createFakeClock>;
let uploads: UrlUploads;
/** What is being fetched, and how each fetch ends. */
let fetches: { url: string; maxBytes: number | undefined; mayFollow: (url: string) => boolean; answer(bytes?: Uint8Array): void; fail(): void }[];
/** The parts that were stored, and the uploads that were deleted. */
let parts: { userId: bigint; length: number; totalParts: number | undefined }[];
let discarded: bigint[];
beforeEach(() => {
  clock = createFakeClock();
  [fetches, parts, discarded] = [[], [], []];
  const fetchFile = (url: string, _signal: AbortSignal, bounds: { maxBytes?: number; mayFollow?: (url: string) => boolean } = {}): Promise<FetchedFile | undefined> =>
    new Promise((resolve, reject) => {
      const answer = (bytes?: Uint8Array): void => resolve(bytes && { bytes, contentType: 'text/html' });
      fetches.push({ url, maxBytes: bounds.maxBytes, mayFollow: bounds.mayFollow!, answer, fail: () => reject(new Error('away')) });
    });
  uploads = createUrlUploads({ clock, random: seededRandom('urls'), log: silentLogger, fileFetcher: { fetchFile } }, {
    doSavePart: ({ userId, totalParts }, { length }) => Promise.resolve(void parts.push({ userId, length, totalParts })),
    doDiscardUpload: (_userId, fileId) => Promise.resolve(void discarded.push(fileId)),
  });
});

const paper = (name = 'paper.pdf', rest: Partial<UrlFile> = {}): UrlFile => ({ url: `https://example.org/${name}`, kind: 'file', attributes: [], ...rest });
const use = (sender: UrlSender, file = paper(), make: (upload: UrlUpload) => Promise<UrlUpload> = (upload) => Promise.resolve(upload)): Promise<UrlUpload> => uploads.doUse(sender, file, make);
const refusal = (text: string) => expect.objectContaining({ text }) as Error;

/** Fetches a file that ends in this way. @returns the error; undefined if there is none */
async function end(sender: UrlSender, file: UrlFile, bytes: Uint8Array | 'fail'): Promise<string | undefined> {
  const before = fetches.length;
  const used = use(sender, file).then(() => undefined, (error: { text: string }) => error.text);
  const fetch = fetches.slice(before).at(-1);
  if (bytes === 'fail') fetch?.fail();
  else fetch?.answer(bytes);
  return used;
}

describe('a file at a URL', () => {
  it('becomes an upload of its sender, in parts of half a mebibyte', async () => {
    const used = use(ALICE, paper('a%20b.pdf'));
    expect(fetches[0]).toMatchObject({ url: 'https://example.org/a%20b.pdf', maxBytes: 20 * MEBIBYTE });
    fetches[0]!.answer(Buffer.concat([PAPER, Buffer.alloc(MEBIBYTE)]));
    expect(await used).toMatchObject({ _: 'inputMediaUploadedDocument', mime_type: 'application/pdf', force_file: true, attributes: [{ file_name: 'a b.pdf' }], file: { _: 'inputFileBig', parts: 3 } });
    expect(parts).toEqual([512 * 1024, 512 * 1024, PAPER.length].map((length) => ({ userId: ALICE.userId, length, totalParts: 3 })));
    expect(discarded).toEqual([]);
  });

  it('may have as many bytes as the Bot API says', () => {
    for (const kind of ['photo', 'video', undefined] as const) void use({ userId: BigInt(kind?.length ?? 1), isBot: true }, paper('x', { kind }));
    expect(fetches.map(({ maxBytes }) => maxBytes)).toEqual([5 * MEBIBYTE, 20 * MEBIBYTE, 20 * MEBIBYTE]);
  });

  it('is fetched once for calls of one sender at the same time, and for later ones', async () => {
    const both = [use(ALICE), use(ALICE)];
    fetches[0]!.answer(PAPER);
    const [first, second] = await Promise.all(both);
    expect(second).toEqual(first);
    expect(await use(ALICE)).toEqual(first);
    expect(fetches).toHaveLength(1);
    // Another sender has uploads of their own.
    void use(BOB);
    expect(fetches).toHaveLength(2);
    await clock.advance(301_000);
    void use(ALICE);
    expect(fetches).toHaveLength(3);
  });

  it('is fetched again if what was made of it is gone', async () => {
    await end(ALICE, paper(), PAPER);
    let tries = 0;
    const used = use(ALICE, paper(), (upload) => (tries++ === 0 ? Promise.reject(rpcError('FILE_PART_%d_MISSING', 0)) : Promise.resolve(upload)));
    await expect.poll(() => fetches.length).toBe(2);
    fetches[1]!.answer(PAPER);
    expect(await used).toMatchObject({ _: 'inputMediaUploadedDocument' });
    expect(tries).toBe(2);
  });

  it('is deleted if nothing can be made of it, and not asked for again at once', async () => {
    const used = use(ALICE, paper(), () => Promise.reject(rpcError('WEBPAGE_MEDIA_EMPTY')));
    fetches[0]!.answer(PAPER);
    await expect(used).rejects.toThrow(refusal('WEBPAGE_MEDIA_EMPTY'));
    expect(discarded).toHaveLength(1);
    expect(await end(ALICE, paper(), PAPER)).toBe('WEBPAGE_MEDIA_EMPTY');
    expect(fetches).toHaveLength(1);
    // The same URL as something else, or for somebody else, is another question.
    expect(await end(BOB, paper(), PAPER)).toBeUndefined();
    await clock.advance(31_000);
    expect(await end(ALICE, paper(), PAPER)).toBeUndefined();
  });

  it.each([
    ['a page', 'file', '<html>'], ['a program', 'file', 'MZ'], ['a page that is to be a photo', 'photo', '<html>'], ['a PDF file that is to be a video', 'video', PAPER],
    ['text in UTF-16 that is to be music', 'audio', Buffer.of(0xff, 0xfe, 0x61, 0)], ['nothing', undefined, ''], ['a photo that nobody calls one', undefined, Buffer.of(0xff, 0xd8, 0xff, 0xe0)],
  ] as const)('is refused if it is %s', async (_what, kind, bytes) => {
    expect(await end(ALICE, paper('x', { kind }), Buffer.from(bytes as Buffer))).toBe('WEBPAGE_MEDIA_EMPTY');
    expect(parts).toEqual([]);
  });
});

describe('fetches are limited', () => {
  it('to two at once for a sender, and six in all', async () => {
    const names = ['1', '2'].map((name) => paper(name));
    const first = [1n, 2n, 3n].flatMap((userId) => names.map((file) => use({ userId, isBot: false }, file)))[0];
    await expect(use({ userId: 1n, isBot: false }, paper('3'))).rejects.toThrow(refusal('FLOOD_WAIT_5'));
    await expect(use(ALICE)).rejects.toThrow(refusal('FLOOD_WAIT_5'));
    fetches[0]!.answer(PAPER);
    await first;
    expect(fetches).toHaveLength(6);
    void use(ALICE);
    expect(fetches).toHaveLength(7);
  });

  it('by the bytes of a sender: one that fails counts as if it were as long as it may be', async () => {
    for (let n = 0; n < 15; n++) expect(await end(ALICE, paper(String(n)), 'fail')).toBe('WEBPAGE_CURL_FAILED');
    expect(await end(ALICE, paper('16'), PAPER)).toMatch(/^FLOOD_WAIT_\d+$/);
    expect(await end(BOB, paper('16'), PAPER)).toBeUndefined();
    for (let n = 0; n < 16; n++) expect(await end(BOT, paper(String(n)), 'fail')).toBe('WEBPAGE_CURL_FAILED');
    await clock.advance(2000);
    expect(await end(ALICE, paper('16'), PAPER)).toBeUndefined();
  });

  it('by the files of a site, also those that others lead to', async () => {
    void use(BOT, paper());
    const { mayFollow } = fetches[0]!;
    const followed = Array.from({ length: 310 }, (_, n) => mayFollow(`https://victim.example/${n}`)).filter(Boolean);
    expect(followed).toHaveLength(300);
    await expect(use(ALICE, { ...paper(), url: 'https://victim.example/x' })).rejects.toThrow(refusal('FLOOD_WAIT_1'));
  });
});
