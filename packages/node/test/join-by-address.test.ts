import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import decodeQr from 'qr/decode.js';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { HostAddress } from '../src/http/host-address.ts';
import { joinLink, keyHash } from '../src/http/join-by-address.ts';
import { readServerPicture } from '../src/http/read-server-picture.ts';
import { renderAboutPage } from '../src/http/start-page.ts';
import { SERVER_INFO } from './server-info.ts';

const FACE = { hasWebClient: true, serverName: 'The Millers', serverDescription: 'Photos, plans and dinner', webAddress: 'https://chat.example.org' };

/** Reads the codes of a page as a camera does. */
async function readCodes(page: string): Promise<string[]> {
  return Promise.all(
    [...page.matchAll(/<svg[^]*?<\/svg>/g)].map(async ([svg]) => {
      const { data, info } = await sharp(Buffer.from(svg), { density: 400 }).resize(400, 400).flatten({ background: '#fff' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return decodeQr({ data, width: info.width, height: info.height });
    }),
  );
}

test('the page about the server has the link for apps and its own address as codes, and the hash of the key', async () => {
  const page = renderAboutPage({ ...SERVER_INFO, mtproto: { host: '2001:db8::1', port: 443 } }, FACE);
  expect(await readCodes(page)).toEqual(['owpg://addserver?host=2001%3Adb8%3A%3A1&port=443', 'https://chat.example.org/about']);
  expect(page).toContain('The Millers is running');
  expect(page).toContain('[2001:db8::1]:443');
  expect(page.replaceAll(' ', '')).toContain(keyHash(SERVER_INFO.public_keys[0]!.pem));
});

test('without a public address by https there is only the code for the app that needs none', async () => {
  const page = renderAboutPage(SERVER_INFO, { ...FACE, webAddress: undefined });
  expect(await readCodes(page)).toEqual([joinLink(SERVER_INFO)]);
});

test('a name is looked up once a minute, and an address never', async () => {
  let nowMs = 0;
  const asked: string[] = [];
  const find = async (host: string): Promise<string> => {
    asked.push(host);
    if (host === 'gone.example.org') throw new Error('ENOTFOUND');
    return '192.0.2.7';
  };
  const addresses = new HostAddress({ monotonicMs: () => nowMs }, find);
  expect(await addresses.of('198.51.100.1')).toBe('198.51.100.1');
  expect(await Promise.all([addresses.of('chat.example.org'), addresses.of('chat.example.org')])).toEqual(['192.0.2.7', '192.0.2.7']);
  expect(asked).toEqual(['chat.example.org']);
  nowMs = 60_000;
  await addresses.of('chat.example.org');
  expect(asked).toHaveLength(2);
  expect(await addresses.of('gone.example.org')).toBeUndefined();
});

test('a picture of the server is a PNG of at most 256 KiB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-picture-'));
  try {
    const path = join(folder, 'sign.png');
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)]);
    writeFileSync(path, png);
    expect(readServerPicture(path)).toEqual(png);
    writeFileSync(path, Buffer.concat([png, Buffer.alloc(256 * 1024)]));
    expect(() => readServerPicture(path)).toThrow('more than 256 KiB');
    writeFileSync(path, '<svg/>');
    expect(() => readServerPicture(path)).toThrow('is no PNG');
    expect(() => readServerPicture(join(folder, 'none.png'))).toThrow('cannot be read');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
