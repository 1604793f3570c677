import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHomeAuthority, HOME_IDENTITY_FILE, issueHomeCertificate, openHomeIdentity } from '../src/index.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'aerogram-home-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a home has a certificate with its name, signed by the authority for ten years', () => {
  const authority = createHomeAuthority();
  const nowMs = Date.UTC(2026, 0, 1);
  const cert = new X509Certificate(issueHomeCertificate(authority, 2, nowMs).cert);
  const signer = new X509Certificate(authority.cert);
  expect([cert.subject, cert.ca, signer.ca, cert.checkIssued(signer), cert.verify(signer.publicKey)]).toEqual(['CN=home-2', false, true, true, true]);
  expect(new Date(cert.validTo).getUTCFullYear()).toBe(2036);
});

test('a file says who a home is; without one the server is alone', async () => {
  expect(await openHomeIdentity(directory)).toBeUndefined();
  const authority = createHomeAuthority();
  const identity = { dc: 2, authority: authority.cert, ...issueHomeCertificate(authority, 2) };
  await writeFile(join(directory, HOME_IDENTITY_FILE), JSON.stringify(identity));
  expect(await openHomeIdentity(directory)).toEqual(identity);
});

test.each([
  ['of another data centre', (own: object) => ({ ...own, dc: 3 })],
  ['with the key of another certificate', (own: object) => ({ ...own, key: createHomeAuthority().key })],
  ['of another authority', (own: object) => ({ ...own, authority: createHomeAuthority().cert })],
  ['without a key', (own: object) => ({ ...own, key: undefined })],
])('an identity %s is refused, and not quoted', async (_, change) => {
  const authority = createHomeAuthority();
  const own = { dc: 2, authority: authority.cert, ...issueHomeCertificate(authority, 2) };
  await writeFile(join(directory, HOME_IDENTITY_FILE), JSON.stringify(change(own)));
  const error = await openHomeIdentity(directory).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(HOME_IDENTITY_FILE);
  expect(String(error)).not.toContain('BEGIN');
});
