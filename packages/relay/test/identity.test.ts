import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificateStart, createHomeAuthority, HOME_IDENTITY_FILE, issueHomeCertificate, nextCertificateStart, openHomeIdentity } from '../src/index.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'aerogram-home-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a home has a certificate with its name, signed by the authority for ten years', () => {
  const authority = createHomeAuthority();
  const start = nextCertificateStart(Date.UTC(2026, 0, 1) / 1000);
  const cert = new X509Certificate(issueHomeCertificate(authority, 2, start).cert);
  const signer = new X509Certificate(authority.cert);
  expect([cert.subject, cert.ca, signer.ca, cert.checkIssued(signer), cert.verify(signer.publicKey)]).toEqual(['CN=home-2', false, true, true, true]);
  expect(new Date(cert.validTo).getUTCFullYear()).toBe(2036);
});

test.each([1_700_000_000, 1_772_323_199, Date.UTC(2026, 8, 5, 0, 0, 1) / 1000, Date.UTC(2051, 0, 1) / 1000])('a certificate begins with the second that it was made for: %d', (start) => {
  expect(certificateStart(issueHomeCertificate(createHomeAuthority(), 2, start).cert)).toBe(start);
});

test('a certificate that revokes those before begins later than each of them, also of the same second, and is good beside those that follow', () => {
  // One made in the second, which revokes none, then two that do, and others after them.
  const [now, started] = [1_700_000_000, [] as number[]];
  let goodFrom = 0;
  const issue = (at: number, revokes: boolean): number => {
    const start = nextCertificateStart(at, goodFrom, revokes);
    if (revokes) {
      expect(started.filter((before) => before >= start)).toEqual([]);
      goodFrom = start;
    }
    started.push(start);
    expect(start).toBeGreaterThanOrEqual(goodFrom);
    return start;
  };
  for (const [at, revokes] of [[now, false], [now, true], [now, false], [now, true], [now, false], [now + 1, false], [now + 1, true], [now - 3600, false], [now - 3600, true], [now + 9, false]] as const) issue(at, revokes);
  expect(nextCertificateStart(now + 1000, goodFrom) - nextCertificateStart(now)).toBe(1000);
});

test('a file says who a home is; without one the server is alone', async () => {
  expect(await openHomeIdentity(directory)).toBeUndefined();
  const authority = createHomeAuthority();
  const identity = { dc: 2, authority: authority.cert, ...issueHomeCertificate(authority, 2, 1_700_000_000) };
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
  const own = { dc: 2, authority: authority.cert, ...issueHomeCertificate(authority, 2, 1_700_000_000) };
  await writeFile(join(directory, HOME_IDENTITY_FILE), JSON.stringify(change(own)));
  const error = await openHomeIdentity(directory).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(HOME_IDENTITY_FILE);
  expect(String(error)).not.toContain('BEGIN');
});
