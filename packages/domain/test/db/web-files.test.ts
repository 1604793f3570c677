import { randomBytes } from 'node:crypto';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadWebFileSigner, type OpenWebFile } from '../../src/index.ts';
import type { FetchedFile } from '../../src/shared/page-fetcher.ts';
import { createWorld, type World } from './accounts-world.ts';

const URL_A = 'https://example.org/a.gif';
const [ALICE, BOB] = [10n, 18n];

describe('files of other sites', () => {
  let world: World;
  /** What was fetched, and how each fetch ends. */
  let fetches: { url: string; answer(file?: FetchedFile): void; fail(error: Error): void }[];
  beforeEach(async () => {
    fetches = [];
    const fetchFile = (url: string): Promise<FetchedFile | undefined> => new Promise((answer, fail) => void fetches.push({ url, answer, fail }));
    world = await createWorld({}, { keepsLog: true, pageFetcher: { fetchFile, fetchPage: () => Promise.resolve(undefined), fetchPicture: () => Promise.resolve(undefined) } });
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const sign = (url = URL_A): tl.webDocument => world.domain.webFiles.signer.sign({ url, size: 0, mimeType: 'image/gif', attributes: [] });
  const open = (document = sign(), userId = ALICE): Promise<OpenWebFile> => world.domain.webFiles.accessFile(userId, document);
  const refusal = (text: string) => expect.objectContaining({ text }) as Error;

  it('are fetched once for all their parts, and for all who ask for them', async () => {
    const bytes = randomBytes(10_000);
    const both = [open(), open(sign(), BOB)];
    fetches[0]!.answer({ bytes, contentType: 'image/gif; x=y' });
    for (const file of await Promise.all([...both, open()])) {
      expect(file).toMatchObject({ size: 10_000, mimeType: 'image/gif', type: { _: 'storage.fileGif' }, changed_date: world.clock.now() });
      expect(Buffer.concat([await file.read(0, 4096), await file.read(4096, 4096), await file.read(8192, 4096), await file.read(12_288, 4096)]).equals(bytes)).toBe(true);
      (await file.read(0, 4096)).fill(0);
    }
    expect(fetches.map(({ url }) => url)).toEqual([URL_A]);
    await world.clock.advance(301_000);
    const again = open();
    fetches[1]!.answer({ bytes: new Uint8Array(3), contentType: '<script>' });
    expect(await again).toMatchObject({ size: 3, mimeType: 'application/octet-stream' });
  });

  it('are kept when seven others were fetched after them, and dropped with the eighth', async () => {
    const fetchNext = async (n: number): Promise<void> => {
      const file = open(sign(`https://example.org/${n}`));
      fetches.at(-1)!.answer({ bytes: Uint8Array.of(n), contentType: '' });
      await file;
    };
    for (let n = 0; n < 8; n++) await fetchNext(n);
    for (let n = 0; n < 8; n++) expect(await (await open(sign(`https://example.org/${n}`))).read(0, 4096)).toEqual(Uint8Array.of(n));
    expect(fetches).toHaveLength(8);
    await fetchNext(8);
    await fetchNext(0);
    expect(fetches).toHaveLength(10);
  });

  it('are fetched only at URLs that this server has signed', async () => {
    const document = sign();
    for (const wrong of [{ ...document, access_hash: document.access_hash + 1n }, { ...document, access_hash: 0n }, { ...document, url: 'https://example.org/b.gif' }, { ...sign('https://example.org/b.gif'), url: URL_A }, { ...document, url: `${URL_A}#` }]) {
      await expect(open(wrong)).rejects.toThrow(refusal('LOCATION_INVALID'));
    }
    expect(fetches).toEqual([]);
    // Keys are in the database, so another process and the next start know the signature.
    await world.restart();
    expect((await loadWebFileSigner({ db: world.db, random: systemRandom, clock: world.clock })).matches(URL_A, document.access_hash)).toBe(true);
    const file = open(document);
    fetches[0]!.answer({ bytes: new Uint8Array(1), contentType: '' });
    expect(await file).toMatchObject({ size: 1 });
  });

  it('that cannot be fetched are refused, and asked for again by the next call', async () => {
    const failing = open();
    fetches[0]!.fail(Object.assign(new Error('connect ECONNREFUSED 203.0.113.7:443 secret.example.org'), { code: 'ECONNREFUSED' }));
    await expect(failing).rejects.toThrow(refusal('LOCATION_INVALID'));
    expect(world.logged.at(-1)).toMatchObject({ failure: 'ECONNREFUSED' });
    expect(JSON.stringify(world.logged)).not.toMatch(/203\.0\.113\.7|secret/);
    const missing = open();
    fetches[1]!.answer();
    await expect(missing).rejects.toThrow(refusal('LOCATION_INVALID'));
    expect(fetches).toHaveLength(2);
  });

  it('are fetched two at once for one user, eight at once by a process, and one a second after sixty', async () => {
    const running: Promise<OpenWebFile>[] = [];
    const begin = (userId: bigint, n: number): void => void running.push(open(sign(`https://example.org/${n}`), userId));
    for (let n = 0; n < 2; n++) begin(ALICE, n);
    await expect(open(sign('https://example.org/2'))).rejects.toThrow(refusal('FLOOD_WAIT_5'));
    // What is being fetched already may be waited for.
    running.push(open(sign('https://example.org/0')));
    for (let n = 2; n < 8; n++) begin(BOB + BigInt(n), n);
    await expect(open(sign('https://example.org/8'), BOB)).rejects.toThrow(refusal('FLOOD_WAIT_5'));
    for (const { answer } of fetches) answer({ bytes: new Uint8Array(1), contentType: '' });
    await Promise.all(running);
    expect(fetches).toHaveLength(8);
    for (let n = 100; n < 158; n++) {
      const file = open(sign(`https://example.org/${n}`));
      fetches.at(-1)!.answer({ bytes: new Uint8Array(1), contentType: '' });
      await file;
    }
    await expect(open(sign('https://example.org/200'))).rejects.toThrow(refusal('FLOOD_WAIT_1'));
    await world.clock.advance(1000);
    const file = open(sign('https://example.org/200'));
    fetches.at(-1)!.answer({ bytes: new Uint8Array(1), contentType: '' });
    await file;
  });

  it('are not fetched by a server that makes no outgoing requests', async () => {
    const quiet = await createWorld();
    const document = quiet.domain.webFiles.signer.sign({ url: URL_A, size: 0, mimeType: 'image/gif', attributes: [] });
    await expect(quiet.domain.webFiles.accessFile(ALICE, document)).rejects.toThrow(refusal('LOCATION_INVALID'));
    await quiet[Symbol.asyncDispose]();
  });
});
