import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { RawClient, ServerMessage } from '@aerogram/mtproto/client';
import { decode, encode, mtDecode, mtEncode, type tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { Inbox } from './gateway-stage.ts';
import { contentOf, openPartStage, PART, type PartStage, partRequest, partUpload } from './part-stage.ts';

const MIB = 1024 * 1024;
const RPC_ERROR = 0x2144ca19;
const SHORT = encode({ _: 'help.getNearestDc' });

const fileOf = (answer: Uint8Array): Uint8Array => (decode(answer) as tl.upload.file).bytes;
const isPart = (answer: Uint8Array, part: number): boolean => Buffer.compare(fileOf(answer), contentOf(part)) === 0;
const constructorOf = (body: Uint8Array): number => new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true);

/** Collects the answers that a client gets, also those to packets that it sent by itself. */
function watchAnswers(client: RawClient): Inbox<ServerMessage> {
  const answers = new Inbox<ServerMessage>();
  const open = client.session.open.bind(client.session);
  client.session.open = (packet) => {
    const messages = open(packet);
    for (const message of messages) if (message.answers !== undefined) answers.add(message);
    return messages;
  };
  return answers;
}

describe('an account with many connections', () => {
  test('has one share of the threads for all of them, and others have their own', async () => {
    const parts = await openPartStage();
    const clients = [await parts.open(5n), await parts.open(5n), await parts.open(6n)];
    for (const client of clients) {
      await client.call(partRequest(0));
      await client.call(partUpload(0));
    }
    // The pool serves each of these names as often as the others (see its own tests).
    expect(parts.owners).toEqual({ sealed: ['user5', 'user5', 'user6'], opened: ['user5', 'user5', 'user6'] });
  });

  test('has one allowance of bytes for all of them, in both directions, and others have their own', async () => {
    const parts = await openPartStage({ bytesPerSecond: PART });
    const [first, second, third, other] = [await parts.open(5n), await parts.open(5n), await parts.open(5n), await parts.open(6n)];
    for (let part = 0; part < 5; part++) {
      expect(isPart(await first.call(partRequest(part)), part)).toBe(true);
      expect(constructorOf(await second.call(partUpload(part)))).toBe(0x997275b5);
    }
    for (const client of [first, second, third]) {
      await expect(client.call(partRequest(0))).rejects.toThrow('FLOOD_WAIT_1');
      await expect(client.call(partUpload(0))).rejects.toThrow('FLOOD_WAIT_1');
    }
    expect(isPart(await other.call(partRequest(1)), 1)).toBe(true);
    expect(parts.ran.out).toEqual([0, 1, 2, 3, 4, 1]);
    expect(parts.ran.in).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a client that asks again for an answer that it has', () => {
  const askAgain = (client: RawClient, msgId: bigint, times = 1): void =>
    void client.send(Array.from({ length: times }, () => ({ body: mtEncode({ _: 'msg_resend_req', msg_ids: [msgId, msgId] }), content: false })));

  test('gets it once for one packet, however often the packet asks', async () => {
    const parts = await openPartStage();
    const client = await parts.open(5n);
    const answers = watchAnswers(client);
    await client.call(partRequest(3));
    const [first] = answers.items;
    askAgain(client, first!.msgId, 100);
    const again = await answers.find(({ answers: to, msgId }) => to === first!.answers && msgId !== first!.msgId);
    expect(isPart(again.body, 3)).toBe(true);
    expect(parts.ran.out).toEqual([3, 3]);
  });

  test('pays for it each time, and is refused in the end', async () => {
    const parts = await openPartStage({ bytesPerSecond: PART });
    const client = await parts.open(5n);
    const answers = watchAnswers(client);
    await client.call(partRequest(3));
    let last = answers.items[0]!;
    for (let times = 0; times < 20 && constructorOf(last.body) !== RPC_ERROR; times++) {
      askAgain(client, last.msgId);
      const { msgId } = last;
      last = await answers.find((message) => message.msgId > msgId);
    }
    expect(mtDecode(last.body)).toMatchObject({ _: 'rpc_error', error_message: 'FLOOD_WAIT_1' });
    expect(parts.ran.out).toHaveLength(10);
  });
});

describe('clients that do not read their answers', () => {
  /** Asks for 20 MiB over a connection that nobody reads. @param bytes of each part */
  async function stall(parts: PartStage, client: RawClient, bytes = PART): Promise<Socket> {
    const { socket, frame } = await parts.openSocket();
    socket.pause();
    for (let part = 0; part < (20 * MIB) / bytes; part++) socket.write(frame(client.session.encrypt([{ body: partRequest(part, bytes) }]).packet));
    return socket;
  }

  test('take no more than the room for parts, keep no other account from its parts, and leave nothing behind', async () => {
    const roomBytes = 4 * MIB;
    const parts = await openPartStage({ roomBytes });
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, parts.room.total)), 1);
    const clients = await Promise.all(Array.from({ length: 6 }, () => parts.open(5n)));
    const other = await parts.open(6n);
    const sockets = await Promise.all(clients.map((client) => stall(parts, client)));
    while (parts.room.waiting === 0) await other.call(SHORT);
    for (let part = 0; part < 8; part++) expect(isPart(await other.call(partRequest(part)), part)).toBe(true);
    expect((await Promise.all([1, 2, 3, 4].map((part) => other.call(partUpload(part))))).map(constructorOf)).toEqual(Array(4).fill(0x997275b5));
    expect(parts.room.waiting).toBeGreaterThan(0);
    clearInterval(watch);
    // What the other account sent at once, and one part for each account, may exceed it.
    expect(most).toBeLessThan(roomBytes + 6 * PART);
    for (const socket of sockets) socket.destroy();
    // The calls that waited for room run, and their answers are dropped.
    await parts.settled();
  });

  test('are closed after a minute even if only little waits for them, and clients that read are not', async () => {
    const parts = await openPartStage({ roomBytes: PART });
    const { stage } = parts;
    const [client, other] = [await parts.open(5n), await parts.open(6n)];
    await stall(parts, client, PART / 4);
    while (parts.room.waiting === 0) await other.call(SHORT);
    for (let seconds = 0; seconds < 120; seconds += 5) {
      await stage.clock.advance(5_000);
      expect(isPart(await other.call(partRequest(seconds)), seconds)).toBe(true);
    }
    await parts.settled();
    expect(await stage.metric('aerogram_connections_closed_total{reason="slow-consumer"}')).toBe(1);
  });
});

describe('a connection that is cut in the middle of a part', () => {
  const cuts = [1, 24, 4_000, 64 * 1024, 65_537, 300_000, PART - 1, PART + 40];

  test('that its client sends leaves nothing behind, and the part is saved once when it is sent again', async () => {
    const parts = await openPartStage();
    const client = await parts.open(5n);
    const answers = watchAnswers(client);
    for (const [part, cut] of cuts.entries()) {
      const { packet, msgIds: [msgId] } = client.session.encrypt([{ body: partUpload(part) }]);
      const { socket, frame } = await parts.openSocket();
      socket.resume();
      // An end, because a reset could lose bytes that were sent before it.
      socket.end(frame(packet).subarray(0, cut));
      await once(socket, 'close');
      await client.reconnect();
      client.sendPacket(packet);
      expect(constructorOf((await answers.find((message) => message.answers === msgId)).body)).toBe(0x997275b5);
    }
    expect(parts.ran.in).toEqual(cuts.map((_, part) => part));
    await parts.settled();
  });

  test('that its client gets is made again for the next connection, and arrives whole', async () => {
    const parts = await openPartStage();
    const client = await parts.open(5n);
    const answers = watchAnswers(client);
    const described = new Inbox<{ of: bigint; answer: bigint }>();
    client.onService = (message) => {
      if (message._ === 'msg_detailed_info') described.add({ of: message.msg_id, answer: message.answer_msg_id });
    };
    for (const [part, cut] of cuts.slice(0, -1).entries()) {
      const { packet, msgIds: [msgId] } = client.session.encrypt([{ body: partRequest(part) }]);
      const { socket, frame } = await parts.openSocket();
      await new Promise<void>((resolve) => {
        let read = 0;
        socket.on('data', (chunk) => {
          read += chunk.length;
          if (read >= cut) resolve();
        });
        socket.write(frame(packet));
      });
      socket.destroy();
      await client.reconnect();
      client.ping(BigInt(part));
      const { answer } = await described.find(({ of }) => of === msgId);
      client.send([{ body: mtEncode({ _: 'msg_resend_req', msg_ids: [answer] }), content: false }]);
      expect(isPart((await answers.find((message) => message.answers === msgId)).body, part)).toBe(true);
    }
    expect(parts.ran.out.length).toBeLessThanOrEqual(2 * cuts.length);
    await parts.settled();
  });
});
