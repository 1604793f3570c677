import { createServer, type Socket } from 'node:net';
import {
  createAuthKey, createSniffer, decryptMessage, DEFAULT_SESSION_LIMITS, KeySalts, SaltSource, ServerMessageIds, ServerSession, SessionLink,
  type AuthKey, type StreamDecoder, type StreamEncoder,
} from '@aerogram/mtproto';
import { systemRandom } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { floorKey } from '../load/floor-key.ts';

/** A messenger's answer and push, encoded once: the floor has neither a dispatcher nor a database. */
const ANSWER = encode({ _: 'updateShortSentMessage', out: true, id: 4711, pts: 815, pts_count: 1, date: 1_750_000_000 });
const PUSH = encode({
  _: 'updateShortMessage', id: 4711, user_id: 1_000_002n, message: 'Hello there, this is a message of ordinary length.', pts: 815, pts_count: 1, date: 1_750_000_000,
});

interface Peer {
  key: AuthKey;
  session: ServerSession | undefined;
  link: SessionLink | undefined;
  socket: Socket | undefined;
  encoder: StreamEncoder | undefined;
}

/**
 * Serves `count` clients with known keys: each call of client 2i is answered, and client 2i + 1 gets a push. Reports its port to the parent
 * process.
 */
export function runFloorServer(count: number): void {
  const salts = new SaltSource(systemRandom.bytes(32));
  const msgIds = new ServerMessageIds();
  const peers: Peer[] = Array.from({ length: count }, (_, i) => ({
    key: createAuthKey(floorKey(i)), session: undefined, link: undefined, socket: undefined, encoder: undefined,
  }));
  const byKey = new Map(peers.map((peer, index) => [peer.key.id, index]));
  const dirty = new Set<Peer>();

  const flush = (): void => {
    const nowMs = Date.now();
    for (const { session, link, socket, encoder } of dirty) {
      if (!session || !link || !socket || !encoder) continue;
      socket.cork();
      for (let packet = session.takeOutgoing(link, nowMs); packet; packet = session.takeOutgoing(link, nowMs)) socket.write(encoder.packet(packet));
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
    const message = peer && decryptMessage(peer.key, packet);
    if (index === undefined || !peer || !message) {
      socket.destroy();
      return;
    }
    if (peer.session?.sessionId !== message.sessionId) {
      peer.session = new ServerSession({
        key: peer.key, sessionId: message.sessionId, salts: new KeySalts(salts, peer.key.id), msgIds, random: systemRandom, limits: DEFAULT_SESSION_LIMITS,
        overflowNotice: encode({ _: 'updatesTooLong' }),
      });
      Object.assign(peer, { socket, encoder, link: new SessionLink() });
    }
    for (const event of peer.session.receive(peer.link!, message, Date.now()).events) {
      if (event.type !== 'request') continue;
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
