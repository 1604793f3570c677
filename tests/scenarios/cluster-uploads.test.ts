import { randomBytes } from 'node:crypto';
import { hasNats } from '@aerogram/bus/testing';
import { Actor, type Device, logIn, startTestCluster, type TestCluster } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { downloadAsBuffer } from '@mtcute/node/methods.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PART = 64 * 1024;

/** Files whose parts come by other nodes than the one that sends them. */
describe.runIf(hasNats)(`uploads on three nodes${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  let alice: Actor;
  beforeAll(async () => {
    cluster = await startTestCluster(3);
    alice = await Actor.signUp(cluster.nodes[0]!, { name: 'Alice', phone: '9996612001', code: '11111' });
    for (const node of cluster.nodes.slice(1)) {
      const { device } = await logIn(() => node.info, { name: 'Alice', phone: alice.phone, code: () => Promise.resolve(alice.code) });
      alice.devices.push(device);
    }
  }, 60_000);
  afterAll(async () => {
    for (const device of alice?.devices ?? []) await device.goOffline();
    await cluster?.[Symbol.asyncDispose]();
  });

  const savePart = (device: Device, fileId: Long, part: number, bytes: Uint8Array): Promise<boolean> => device.call({ _: 'upload.saveFilePart', fileId, filePart: part, bytes });
  const sendFile = (device: Device, fileId: Long, parts: number): Promise<tl.TypeUpdates | string> =>
    device.client.call({
      _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, message: '', randomId: Long.fromBytes([...randomBytes(8)]),
      media: { _: 'inputMediaUploadedDocument', mimeType: 'application/octet-stream', attributes: [], file: { _: 'inputFile', id: fileId, parts, name: 'file', md5Checksum: '' } },
    }, { maxRetryCount: 0, throw503: true }).catch((error: { text?: string; message: string }) => error.text ?? error.message);

  function documentIn(updates: tl.TypeUpdates | string): tl.RawDocument {
    const found = typeof updates !== 'string' && updates._ === 'updates' ? updates.updates.find((update) => update._ === 'updateNewMessage') : undefined;
    const media = found?.message._ === 'message' ? found.message.media : undefined;
    if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error(`no document: ${JSON.stringify(updates)}`);
    return media.document;
  }

  test('a file whose parts come by two nodes is sent by the third, whichever node keeps it', async () => {
    for (let file = 1; file <= 6; file++) {
      const fileId = Long.fromNumber(file);
      const bytes = randomBytes(2 * PART + 100);
      const [first, second, third] = [0, 1, 2].map((i) => alice.devices[(i + file) % 3]!);
      await savePart(first!, fileId, 1, bytes.subarray(PART, 2 * PART));
      await savePart(second!, fileId, 2, bytes.subarray(2 * PART));
      expect(await sendFile(third!, fileId, 3)).toBe('FILE_PART_%d_MISSING');
      await savePart(second!, fileId, 0, bytes.subarray(0, PART));
      const document = documentIn(await sendFile(third!, fileId, 3));
      // A part that comes late belongs to what was sent.
      expect(await savePart(first!, fileId, 0, bytes.subarray(0, PART))).toBe(true);
      const location: tl.RawInputDocumentFileLocation = { _: 'inputDocumentFileLocation', id: document.id, accessHash: document.accessHash, fileReference: document.fileReference, thumbSize: '' };
      expect(bytes.equals(await downloadAsBuffer(first!.client, location))).toBe(true);
    }
  });

  test('when a node is gone, parts of the files that it kept are asked for again', async () => {
    const files = Array.from({ length: 24 }, (_, i) => Long.fromNumber(100 + i));
    const device = alice.main;
    for (const fileId of files) await savePart(device, fileId, 0, randomBytes(1024));
    await alice.devices.pop()!.goOffline();
    await cluster.nodes[2]!.stop();
    const outcomes = new Map<Long, tl.TypeUpdates | string>();
    for (const fileId of files) {
      let outcome = await sendFile(device, fileId, 1);
      // Until the others have seen that the node is gone.
      while (outcome === 'FLOOD_WAIT_%d') outcome = await sendFile(device, fileId, 1);
      outcomes.set(fileId, outcome);
    }
    const missing = files.filter((fileId) => outcomes.get(fileId) === 'FILE_PART_%d_MISSING');
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(files.length);
    for (const fileId of files) if (!missing.includes(fileId)) documentIn(outcomes.get(fileId)!);
    for (const fileId of missing) {
      await savePart(device, fileId, 0, randomBytes(1024));
      documentIn(await sendFile(device, fileId, 1));
    }
  });
});
