import { createShiftedClock, startTestServer, World, type TestServer } from '@aerogram/dev-env';
import { readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCuttingProxy } from './cutting-proxy.ts';
import type { Library, Plain } from './driver-client.ts';
import { hashOf, hashOfFile, useDisk } from './files-on-disk.ts';
import { DriverProcess } from './driver-process.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair, type Entrance, getHistory, textOf } from './people-of-libraries.ts';

const MIB = 1_048_576;
const HOUR_MS = 3_600_000;
/** File references are valid for a day, and for the rest of the hour in which they were made. */
const EXPIRED_MS = 26 * HOUR_MS;
const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const disk = useDisk();

describe('when connections are cut in the middle of a transfer, the file arrives whole', async () => {
  const SIZE = 10 * MIB;
  // TDLib downloads over eight connections at once, so each carries little more than 1 MiB of the file.
  const CUT_BYTES = 0.75 * MIB;
  const CUTS = 3;
  const proxy = await startCuttingProxy();
  // Clients are told to connect to the proxy, so that no connection goes around it.
  const libraries = useLibraries({ AEROGRAM_PUBLIC_PORT: String(proxy.port) }, ALL);
  let entrance: Entrance;
  beforeAll(() => {
    const { info } = libraries.server;
    proxy.leadTo(info.mtproto);
    entrance = { ...libraries, server: { info: { ...info, mtproto: { host: proxy.host, port: proxy.port } } } };
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  test.each(ALL)('%s', async (library) => {
    const [alice, bob] = await enterPair(entrance, library, library);
    const { path, bytes } = await disk.makeFile(`${library}.bin`, SIZE);
    proxy.cut('up', CUT_BYTES, CUTS);
    await alice.client.sendFile({ peer: bob.id, path, caption: 'a file' });
    expect(proxy.left).toBe(0);
    const { id } = await bob.client.seesMessage('a file');
    const saved = disk.pathOf(`${library}-got.bin`);
    proxy.cut('down', CUT_BYTES, CUTS);
    await bob.client.saveFile({ peer: alice.id, id, path: saved });
    expect(proxy.left).toBe(0);
    expect(await hashOfFile(saved)).toBe(hashOf(bytes));
    await closeAll(alice, bob);
  });
});

describe('when the file reference has expired, the client asks for the message again and gets the file', () => {
  const SIZE = 100_000;
  const clock = createShiftedClock();
  const drivers = new Map<Library, DriverProcess>();
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    server = await startTestServer({ clock });
    world = new World(server);
    for (const library of ALL) drivers.set(library, new DriverProcess(library));
  });
  afterAll(async () => {
    for (const driver of drivers.values()) await driver[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  /** How many calls of a method have failed. */
  async function countFailures(method: string): Promise<number> {
    return sumOfMetric(await readMetrics(server.info), `aerogram_rpc_calls_total{method="${method}",outcome="client"}`);
  }

  test.each(LIBRARIES)('%s', async (library) => {
    const [alice, bob] = await enterPair({ server, world, drivers }, library, library);
    const { path, bytes } = await disk.makeFile(`${library}-expired.bin`, SIZE);
    await alice.client.sendFile({ peer: bob.id, path, caption: 'a file' });
    await bob.client.seesMessage('a file');
    const documentNow = async (): Promise<Plain> => ((await getHistory(bob.client, alice))[0]!['media'] as Plain)['document'] as Plain;
    const document = await documentNow();
    clock.shift(EXPIRED_MS);
    expect(await textOf(bob.client.download({ document }))).toMatch(/FILE_?REFERENCE_?EXPIRED/i);
    const renewed = await documentNow();
    expect(renewed['file_reference']).not.toBe(document['file_reference']);
    expect(hashOf(Buffer.from(await bob.client.download({ document: renewed }), 'base64'))).toBe(hashOf(bytes));
    await closeAll(alice, bob);
  });

  test.runIf(MISSING.tdlib === undefined)('tdlib, by itself', async () => {
    const [alice, bob] = await enterPair({ server, world, drivers }, 'tdlib', 'tdlib');
    const { path, bytes } = await disk.makeFile('tdlib-expired.bin', SIZE);
    await alice.client.sendFile({ peer: bob.id, path, caption: 'a file' });
    const { id } = await bob.client.seesMessage('a file');
    const failures = await countFailures('upload.getFile');
    clock.shift(EXPIRED_MS);
    const saved = disk.pathOf('tdlib-expired-got.bin');
    await bob.client.saveFile({ peer: alice.id, id, path: saved });
    expect(await hashOfFile(saved)).toBe(hashOf(bytes));
    expect(await countFailures('upload.getFile')).toBeGreaterThan(failures);
    await closeAll(alice, bob);
  });
});
