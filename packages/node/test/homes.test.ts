import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHomeAuthority, issueHomeCertificate, nextCertificateStart } from '@aerogram/relay';
import { loadConfig, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHomePorts, writeHomePorts } from '../src/homes/home-ports.ts';
import { ADDRESSES, type HomeTicket, parseTicket } from '../src/homes/home-ticket.ts';
import { writeIdentity } from '../src/homes/identity-files.ts';
import { ownAddresses } from '../src/homes/own-addresses.ts';
import { playOwnHome } from '../src/homes/own-home.ts';

const addresses = { link_host: 'dc1.example.org', link_port: 4440, link_nodes: [], client_host: '192.0.2.1', client_port: 443, web_address: 'https://one.example.org' };

describe('a ticket', () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const ticket: HomeTicket = {
    aerogram_ticket: 1,
    dc: 2,
    authority: 'a',
    cert: 'c',
    key: 'k',
    server_keys: [{ name: 'server.pem', pem }],
    homes: [{ dc: 1, of_names: true, is_removed: false, certificates_from: 0, ...addresses }, { dc: 2, of_names: false, is_removed: false, certificates_from: 1_700_000_000, ...addresses }],
  };
  const [first, second] = ticket.homes as [HomeTicket['homes'][0], HomeTicket['homes'][0]];

  test('is read as it was written', () => {
    expect(parseTicket(JSON.stringify(ticket))).toEqual(ticket);
  });

  test('of a program that knows no revoked certificates has revoked none', () => {
    const older = { ...ticket, homes: ticket.homes.map(({ certificates_from: _, ...home }) => home) };
    expect(parseTicket(JSON.stringify(older)).homes.map((home) => home.certificates_from)).toEqual([0, 0]);
  });

  test.each<[string, unknown]>([
    ['no JSON', undefined],
    ['another version', { ...ticket, aerogram_ticket: 2 }],
    ['a home that is no member', { ...ticket, dc: 3 }],
    ['two homes that decide names', { ...ticket, homes: [first, { ...second, of_names: true }] }],
    ['a home twice', { ...ticket, homes: [first, { ...second, dc: 1 }, second] }],
    ['a name of a key that leads elsewhere', { ...ticket, server_keys: [{ name: '../server.pem', pem }] }],
    ['a key that is none', { ...ticket, server_keys: [{ name: 'server.pem', pem: 'no key' }] }],
    ['a date that no column holds', { ...ticket, homes: [first, { ...second, certificates_from: 2 ** 31 }] }],
    ['a web address that is no origin', { ...ticket, homes: [{ ...first, web_address: 'https://a.example/; script-src *' }, second] }],
    ['an address of clients that is a name', { ...ticket, homes: [{ ...first, client_host: 'a.example' }, second] }],
  ])('is refused with %s, and nothing of it is said', (_, value) => {
    const text = value === undefined ? '{"key": "secret' : JSON.stringify(value);
    expect(() => parseTicket(text)).toThrow(/^this is not a ticket of a data centre: make another one with "aerogram dc ticket"$/);
  });

  test('says addresses within bounds', () => {
    expect(ADDRESSES.safeParse({ ...addresses, is_own: true }).data).toEqual(addresses);
    expect(ADDRESSES.safeParse({ ...addresses, link_host: 'x'.repeat(254) }).success).toBe(false);
    expect(ADDRESSES.safeParse({ ...addresses, link_port: 65_536 }).success).toBe(false);
    expect(ADDRESSES.safeParse({ ...addresses, web_address: 'javascript:alert(1)' }).success).toBe(false);
  });
});

describe('the addresses of a home', () => {
  const listening = { mtproto: { host: '127.0.0.1', port: 4430 }, http: { host: '127.0.0.1', port: 8080 }, link: { host: '127.0.0.1', port: 4440 } };

  test('are those that it listens on', () => {
    expect(ownAddresses(loadConfig([], {}), listening)).toEqual({ link_host: '127.0.0.1', link_port: 4440, link_nodes: [], client_host: '127.0.0.1', client_port: 4430, web_address: 'http://127.0.0.1:8080' });
  });

  test('are those of the settings', () => {
    const config = loadConfig([], { AEROGRAM_DC_LINK_ADDRESS: '[2001:db8::1]:4441', AEROGRAM_PUBLIC_ADDRESS: '192.0.2.1', AEROGRAM_PUBLIC_PORT: '443', AEROGRAM_WEB_ADDRESS: 'https://one.example.org' });
    expect(ownAddresses(config, listening)).toEqual({ link_host: '2001:db8::1', link_port: 4441, link_nodes: [], client_host: '192.0.2.1', client_port: 443, web_address: 'https://one.example.org' });
  });

  test('are not known if nobody can connect to them', () => {
    const everywhere = { mtproto: { host: '0.0.0.0', port: 4430 }, http: { host: '0.0.0.0', port: 0 }, link: { host: '::', port: 4440 } };
    expect(ownAddresses(loadConfig([], {}), everywhere)).toEqual({ link_host: '', link_port: 0, link_nodes: [], client_host: '', client_port: 0, web_address: '' });
  });
});

describe('a home', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'aerogram-home-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const configOf = (...args: string[]) => loadConfig(['--data-dir', dataDir, ...args], { AEROGRAM_DC_IDS: '1,2,3' });
  const now = nextCertificateStart(systemClock.now());
  const join3 = async (): Promise<void> => {
    const authority = createHomeAuthority();
    await writeIdentity(join(dataDir, 'keys'), { dc: 3, authority: authority.cert, ...issueHomeCertificate(authority, 3, now) });
  };

  test('plays its own DC alone, on its old ports unless others are named', async () => {
    writeHomePorts(dataDir, { port: 1001, httpPort: 1002, linkPort: 1003 });
    expect((await playOwnHome(configOf('--port', '0'))).config).toMatchObject({ dcIds: [1, 2, 3], homeDcId: 2, port: 0, dcLinkPort: 0 });
    await join3();
    const { config, identity } = await playOwnHome(configOf('--port', '0', '--http-port', '2002'));
    expect(identity?.dc).toBe(3);
    expect(config).toMatchObject({ dcIds: [3], homeDcId: 3, port: 1001, httpPort: 2002, dcLinkPort: 1003 });
  });

  test('does not run in several workers', async () => {
    await join3();
    await expect(playOwnHome(loadConfig(['--data-dir', dataDir], { AEROGRAM_WORKERS: '2' }))).rejects.toThrow('cannot have more than one worker');
  });

  test('does not start with a certificate that is not of its key', async () => {
    const [one, other] = [createHomeAuthority(), createHomeAuthority()];
    await expect(writeIdentity(join(dataDir, 'keys'), { dc: 3, authority: other.cert, ...issueHomeCertificate(one, 3, now) })).rejects.toThrow('do not fit together');
    expect((await playOwnHome(configOf())).identity).toBeUndefined();
  });

  test('chooses ports anew if what it kept is damaged', () => {
    expect(readHomePorts(dataDir)).toBeUndefined();
    for (const [text, expected] of [['{', undefined], ['null', {}], ['{"port":70000,"http_port":"1","link_port":5}', { linkPort: 5 }]] as const) {
      writeFileSync(join(dataDir, 'home-ports.json'), text);
      expect(readHomePorts(dataDir)).toEqual(expected);
    }
  });
});
