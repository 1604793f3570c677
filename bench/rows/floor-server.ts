import { createServer, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import {
  createAuthKey, createPacketPool, createSniffer, decryptMessage, type DecryptedMessage, DEFAULT_SESSION_LIMITS, freeBytes, isSealed, KeySalts, LONG_PACKET_BYTES,
  type OutgoingPacket, readOpened, SaltSource, ServerMessageIds, ServerSession, SessionLink, type AuthKey, type StreamDecoder, type StreamEncoder,
} from '@aerogram/mtproto';
import { systemRandom, workerFile } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { floorKey } from '../load/floor-key.ts';

/** A messenger's answer and push, encoded once: the floor has neither a dispatcher nor a database. */
const ANSWER = encode({ _: 'updateShortSentMessage', out: true, id: 4711, pts: 815, pts_count: 1, date: 1_750_000_000 });
const PUSH = encode({
  _: 'updateShortMessage', id: 4711, user_id: 1_000_002n, message: 'Hello there, this is a message of ordinary length.', pts: 815, pts_count: 1, date: 1_750_000_000,
});

/** The answer to an uploaded part. */
const SAVED = Uint8Array.of(0xb5, 0x75, 0x72, 0x99);
const GET_FILE = constructorOf(encode({ _: 'upload.getFile', location: { _: 'inputTakeoutFileLocation' }, offset: 0n, limit: 0 }));

/** Parts of a file that does not exist, by their length. */
const PARTS = new Map([32, 512].map((kib) => {
  const bytes = systemRandom.bytes(kib * 1024);
  return [bytes.length, encode({ _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: 1_750_000_000, bytes })];
}));

/** How much the gateway packs at once. */
const FLUSH_BYTES = 256 * 1024;

interface Peer {
  key: AuthKey;
  /** Settles when everything before has been written, while long packets are being sealed. */
  line: Promise<void> | undefined;
  session: ServerSession | undefined;
  link: SessionLink | undefined;
  socket: Socket | undefined;
  encoder: StreamEncoder | undefined;
}

/**
 * Serves `count` clients with known keys: each call of client 2i is answered, and client 2i + 1 gets a push. A part of a file is answered
 * without a push. Long packets are opened and sealed by a packet pool, as in the server. Reports its port to the parent process.
 */
export function runFloorServer(count: number): void {
  const salts = new SaltSource(systemRandom.bytes(32));
  const msgIds = new ServerMessageIds();
  const peers: Peer[] = Array.from({ length: count }, (_, i) => ({
    key: createAuthKey(floorKey(i)), line: undefined, session: undefined, link: undefined, socket: undefined, encoder: undefined,
  }));
  const byKey = new Map(peers.map((peer, index) => [peer.key.id, index]));
  const dirty = new Set<Peer>();

  const pool = createPacketPool({ workerFile: workerFile('packet-worker'), threads: Math.max(1, availableParallelism() - 1) });

  /** Writes a packet after those that were taken before it. */
  const write = (peer: Peer, packet: OutgoingPacket): void => {
    const { socket, encoder } = peer;
    if (isSealed(packet) && !peer.line) return void socket!.write(encoder!.packet(packet));
    const sealing = isSealed(packet) ? packet : pool.sealPacket(packet, 'all');
    const line = (peer.line ?? Promise.resolve()).then(async () => {
      const sealed = await sealing;
      const framed = encoder!.packet(sealed);
      socket!.write(framed, () => freeBytes(framed));
      freeBytes(sealed);
      if (peer.line === line) peer.line = undefined;
    });
    peer.line = line;
  };

  const flush = (): void => {
    const nowMs = Date.now();
    for (const peer of dirty) {
      const { session, link, socket } = peer;
      if (!session || !link || !socket) continue;
      socket.cork();
      for (let packet = session.takeOutgoing(link, nowMs, FLUSH_BYTES); packet; packet = session.takeOutgoing(link, nowMs, FLUSH_BYTES)) write(peer, packet);
      socket.uncork();
    }
    dirty.clear();
  };
  const mark = (peer: Peer): void => {
    if (dirty.size === 0) setImmediate(flush);
    dirty.add(peer);
  };

  const take = (socket: Socket, encoder: StreamEncoder, packet: Uint8Array): void => {
    const index = byKey.get(new DataView(packet.buffer, packet.byteOffset, 8).getBigInt64(0, true));
    const peer = index === undefined ? undefined : peers[index];
    if (index === undefined || !peer) return void socket.destroy();
    const serve = (message: DecryptedMessage | undefined): void => {
      if (message) answer(index, { socket, encoder }, message);
      else socket.destroy();
    };
    if (packet.length < LONG_PACKET_BYTES) serve(decryptMessage(peer.key, packet));
    else void pool.openPacket(peer.key.bytes, packet, 'all').then((opened) => serve(opened && readOpened(opened)));
  };

  const answer = (index: number, stream: { socket: Socket; encoder: StreamEncoder }, message: DecryptedMessage): void => {
    const peer = peers[index]!;
    if (peer.session?.sessionId !== message.sessionId) {
      peer.session = new ServerSession({
        key: peer.key, sessionId: message.sessionId, salts: new KeySalts(salts, peer.key.id), msgIds, random: systemRandom, limits: DEFAULT_SESSION_LIMITS,
        overflowNotice: encode({ _: 'updatesTooLong' }),
      });
      Object.assign(peer, { ...stream, link: new SessionLink(), line: undefined });
    }
    for (const event of peer.session.receive(peer.link!, message, Date.now()).events) {
      if (event.type !== 'request') continue;
      const part = partFor(event.body);
      if (part) {
        peer.session.reply(event.msgId, part);
        continue;
      }
      peer.session.reply(event.msgId, ANSWER);
      const other = peers[index ^ 1];
      if (index % 2 === 0 && other?.session) {
        other.session.push(PUSH);
        mark(other);
      }
    }
    mark(peer);
  };

  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const sniffer = createSniffer({ random: systemRandom });
    let stream: { decoder: StreamDecoder; encoder: StreamEncoder } | undefined;
    socket.on('data', (chunk) => {
      let bytes: Uint8Array = chunk;
      if (!stream) {
        const sniffed = sniffer.push(chunk);
        if (sniffed.kind === 'need-more') return;
        if (sniffed.kind === 'http') throw new Error('the floor speaks TCP only');
        stream = sniffed;
        bytes = sniffed.rest;
      }
      for (const event of stream.decoder.push(bytes)) take(socket, stream.encoder, event.data);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as { port: number }).port }));
  process.on('disconnect', () => process.exit(0));
}

function constructorOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true);
}

/** The answer to a request that carries a part of a file or asks for one; undefined for other requests. */
function partFor(request: Uint8Array): Uint8Array | undefined {
  if (request.length >= LONG_PACKET_BYTES) return SAVED;
  // The limit comes last.
  return constructorOf(request) === GET_FILE ? PARTS.get(new DataView(request.buffer, request.byteOffset + request.length - 4, 4).getInt32(0, true)) : undefined;
}
