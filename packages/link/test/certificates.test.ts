import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLUSTER_KEY_FILE, LinkCertificates, openClusterKey } from '../src/index.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'aerogram-link-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const read = (text: unknown): X509Certificate => new X509Certificate(String(text));
const DAY_MS = 24 * 60 * 60 * 1000;

test('the key of the cluster is made once, by whoever comes first, and only its owner may read it', async () => {
  const keys = join(directory, 'keys');
  const opened = await Promise.all(Array.from({ length: 8 }, () => openClusterKey(keys)));
  const texts = new Set([...opened, await openClusterKey(keys)].map((key) => String(key.export({ type: 'pkcs8', format: 'pem' }))));
  expect(texts.size).toBe(1);
  expect((await stat(join(keys, CLUSTER_KEY_FILE))).mode & 0o777).toBe(0o600);
  expect(await readdir(keys)).toEqual([CLUSTER_KEY_FILE]);
});

test('a file that is no such key is named, not replaced and not quoted', async () => {
  const keys = join(directory, 'other');
  await openClusterKey(keys);
  await chmod(join(keys, CLUSTER_KEY_FILE), 0o600);
  await writeFile(join(keys, CLUSTER_KEY_FILE), 'hidden words');
  const error = await openClusterKey(keys).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(CLUSTER_KEY_FILE);
  expect(String(error)).not.toContain('hidden words');
});

test('a node has a certificate with its name, signed by the cluster for a week, and a new one after a day', async () => {
  const clusterKey = await openClusterKey(join(directory, 'keys'));
  const clock = createFakeClock(Date.UTC(2049, 11, 28));
  using certificates = new LinkCertificates({ name: 'node-1', clusterKey, clock });
  const authority = read(certificates.options.ca);
  const first = read(certificates.options.cert);
  expect([authority.ca, first.ca, first.subject, first.checkIssued(authority), first.verify(authority.publicKey)]).toEqual([true, false, 'CN=node-1', true, true]);
  expect(Date.parse(first.validTo) - clock.nowMs()).toBe(7 * DAY_MS);
  let renewals = 0;
  certificates.onRenewal(() => renewals++);
  await clock.advance(DAY_MS - 1);
  expect([renewals, read(certificates.options.cert).serialNumber]).toEqual([0, first.serialNumber]);
  await clock.advance(1);
  expect(renewals).toBe(1);
  const second = read(certificates.options.cert);
  expect(second.serialNumber).not.toBe(first.serialNumber);
  expect(Date.parse(second.validTo)).toBe(Date.parse(first.validTo) + DAY_MS);
});

test('disposed certificates leave no timer, and names that could mean two things are refused', async () => {
  const clusterKey = await openClusterKey(join(directory, 'keys'));
  const clock = createFakeClock();
  new LinkCertificates({ name: 'a', clusterKey, clock })[Symbol.dispose]();
  expect(clock.pendingTimers()).toBe(0);
  for (const name of ['', 'a b', 'ä', 'a\0b', 'x'.repeat(65)]) expect(() => new LinkCertificates({ name, clusterKey, clock })).toThrow('a name of a node');
});
