import { hasNats } from '@aerogram/bus/testing';
import { ownerOf } from '@aerogram/cluster';
import { startTestCluster, type TestCluster } from '@aerogram/dev-env';
import { RawAccount, readMetrics, type ServerInfo, sumOfMetric } from '@aerogram/dev-env/load';
import { RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

describe.runIf(hasNats)(`a key is served by one node${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  let alice: RawAccount;
  let bob: RawAccount;
  const open: AsyncDisposable[] = [];
  const infoOf = (name: string): ServerInfo => cluster.nodes.find((node) => node.name === name)!.info;
  const names = (): string[] => cluster.nodes.map(({ name }) => name);

  beforeAll(async () => {
    cluster = await startTestCluster(3);
    alice = await RawAccount.signUp(cluster.nodes[0]!.info, { name: 'Alice', phone: '9996610001', code: '11111' });
    bob = await RawAccount.signUp(cluster.nodes[1]!.info, { name: 'Bob', phone: '9996610002', code: '11111' });
    await alice.meet(bob);
  }, 60_000);
  afterAll(async () => {
    for (const client of open) await client[Symbol.asyncDispose]();
    alice?.disconnect();
    bob?.disconnect();
    await cluster?.[Symbol.asyncDispose]();
  });

  /** A node that does not serve the account's key. */
  const strangerTo = ({ key }: RawAccount): string => names().find((name) => name !== ownerOf(key.key.id, names()))!;

  async function connect(account: RawAccount, node: string, transport: 'tcp' | 'websocket' | 'http'): Promise<RawClient> {
    const { host, port } = infoOf(node).mtproto;
    const client = await RawClient.connect({ host, port, transport, random: systemRandom, clientKey: account.key });
    open.push(client);
    return client;
  }

  async function call<M extends keyof tl.RpcMethods>(client: RawClient, request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
    return readResult(new TlReader(await client.call(encode(request))), METHODS[request._].result);
  }

  test.each(['tcp', 'websocket', 'http'] as const)('a key is used by each of three nodes: %s', async (transport) => {
    const before = await relayedPackets();
    for (const name of names()) {
      const client = await connect(alice, name, transport);
      const [self] = await call<'users.getUsers'>(client, { _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
      expect(self).toMatchObject({ id: alice.userId });
    }
    // Two of them do not serve it.
    expect((await relayedPackets()) - before).toBeGreaterThanOrEqual(2);
  });

  async function relayedPackets(): Promise<number> {
    const pages = await Promise.all(cluster.nodes.map(({ info }) => readMetrics(info)));
    return pages.reduce((sum, page) => sum + sumOfMetric(page, 'aerogram_relayed_packets_total'), 0);
  }

  test('updates are pushed through a relay', async () => {
    await bob.connect(infoOf(strangerTo(bob)));
    const came = new Promise<void>((resolve) => (bob.onText = (text) => text === 'through a relay' && resolve()));
    await alice.send(bob, 'through a relay');
    await came;
  });

  test('a file goes through a relay both ways', async () => {
    const client = await connect(alice, strangerTo(alice), 'tcp');
    const bytes = systemRandom.bytes(512 * 1024);
    const file_id = systemRandom.int63();
    for (const file_part of [0, 1]) {
      expect(await call<'upload.saveBigFilePart'>(client, { _: 'upload.saveBigFilePart', file_id, file_part, file_total_parts: 2, bytes })).toBe(true);
    }
    const media: tl.InputMedia = { _: 'inputMediaUploadedDocument', file: { _: 'inputFileBig', id: file_id, parts: 2, name: 'a.bin' }, mime_type: 'application/x-test', attributes: [] };
    const sent = await call<'messages.uploadMedia'>(client, { _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media });
    const document = sent._ === 'messageMediaDocument' && sent.document?._ === 'document' ? sent.document : undefined;
    const location: tl.InputFileLocation = { _: 'inputDocumentFileLocation', id: document!.id, access_hash: document!.access_hash, file_reference: document!.file_reference, thumb_size: '' };
    const parts = await Promise.all([0n, 1n].map((part) => call<'upload.getFile'>(client, { _: 'upload.getFile', location, offset: part * 524_288n, limit: 524_288 })));
    for (const part of parts) expect(part._ === 'upload.file' && Buffer.from(part.bytes).equals(bytes)).toBe(true);
  });

  test('connections survive the move of their key when a node joins and when it leaves; nothing is lost or done twice', async () => {
    const { id } = alice.key.key;
    const joining = Array.from({ length: 100 }, (_, i) => `joining-${i}`).find((name) => ownerOf(id, [...names(), name]) === name)!;
    // At the node that serves the key until then, and at another one.
    const clients = [await connect(alice, ownerOf(id, names()), 'tcp'), await connect(alice, strangerTo(alice), 'websocket')];
    const texts: string[] = [];
    let isOver = false;
    let closed = 0;
    const sending = clients.map(async (client, at) => {
      void client.closed.then(() => (closed += isOver ? 0 : 1));
      for (let i = 0; !isOver; i++) {
        const message = `${at} ${i}`;
        texts.push(message);
        await call<'messages.sendMessage'>(client, { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message, random_id: systemRandom.int63() });
      }
    });
    const node = await cluster.join({ name: joining });
    await expect.poll(async () => sumOfMetric(await readMetrics(node.server), 'aerogram_sessions'), { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    const during = texts.length;
    await expect.poll(() => texts.length).toBeGreaterThan(during + 20);
    await node.stop();
    const after = texts.length;
    await expect.poll(() => texts.length).toBeGreaterThan(after + 20);
    isOver = true;
    await Promise.all(sending);
    expect(closed).toBe(0);
    expect((await history(clients[0]!, texts.length)).toSorted()).toEqual(texts.toSorted());
  }, 30_000);

  /** The texts of the newest messages to oneself. */
  async function history(client: RawClient, count: number): Promise<string[]> {
    const texts: string[] = [];
    let offset_id = 0;
    while (texts.length <= count) {
      const page = await call<'messages.getHistory'>(client, { _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offset_id, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n });
      if (page._ === 'messages.messagesNotModified' || page.messages.length === 0) break;
      for (const message of page.messages) {
        offset_id = message.id;
        if (message._ === 'message') texts.push(message.message);
      }
    }
    return texts;
  }
});
