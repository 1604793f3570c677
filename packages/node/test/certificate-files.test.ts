import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Server } from 'node:tls';
import { makeOwnCertificate } from '@aerogram/link/testing';
import { createFakeClock, type FakeClock, OperatorError, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CertificateFiles } from '../src/http/certificate-files.ts';
import { createTimedServer } from '../src/http/timed-server.ts';

let folder: string;
let settings: { tlsCert: string; tlsKey: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aerogram-tls-'));
  settings = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') };
});
afterEach(() => rmSync(folder, { recursive: true }));

function write({ cert, key }: { cert: string; key: string }): void {
  writeFileSync(settings.tlsCert, cert);
  writeFileSync(settings.tlsKey, key);
}

describe('the certificate of the HTTP port', () => {
  let clock: FakeClock;
  let server: Server;
  let files: CertificateFiles;
  beforeEach(async () => {
    write(makeOwnCertificate('first'));
    clock = createFakeClock();
    files = CertificateFiles.open(settings)!;
    server = createTimedServer(clock, (_request, response) => response.end(), files.pair) as unknown as Server;
    files.follow(server, { clock, log: silentLogger });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => once(server.close(), 'close'));

  /** The name in the certificate that a new connection is shown. */
  async function findSubject(): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  }

  test('is read again within half a minute', async () => {
    expect(files.endDate).toBeGreaterThan(Date.now() / 1000);
    expect(await findSubject()).toBe('first');
    write(makeOwnCertificate('second'));
    await clock.advance(30_000);
    expect(await findSubject()).toBe('second');
  });

  test('stays while a half of the pair is new, or a file is gone', async () => {
    const fresh = makeOwnCertificate('second');
    writeFileSync(settings.tlsCert, fresh.cert);
    await clock.advance(30_000);
    expect(await findSubject()).toBe('first');
    rmSync(settings.tlsKey);
    await clock.advance(30_000);
    expect(await findSubject()).toBe('first');
    write(fresh);
    await clock.advance(30_000);
    expect(await findSubject()).toBe('second');
  });
});

test('files that cannot be used are named before the port opens', () => {
  expect(() => CertificateFiles.open(settings)).toThrow(OperatorError);
  write({ cert: makeOwnCertificate('first').cert, key: makeOwnCertificate('second').key });
  expect(() => CertificateFiles.open(settings)).toThrow('AEROGRAM_TLS_CERT and AEROGRAM_TLS_KEY cannot be used');
});
