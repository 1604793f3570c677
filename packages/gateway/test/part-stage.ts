import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Domain, KeyState } from '@aerogram/domain';
import { createPacketPool, type PacketCrypto } from '@aerogram/mtproto';
import { createClientStream, type RawClient } from '@aerogram/mtproto/client';
import { createDispatcher, defineMethod } from '@aerogram/rpc';
import { ByteBudget, createFakeClock, createMetrics, seededRandom, silentLogger, workerFile } from '@aerogram/runtime';
import { encode, LAYER } from '@aerogram/tl';
import { onTestFinished } from 'vitest';
import { type GatewayStage, openStage } from './gateway-stage.ts';

const KIB = 1024;
/** The length of a part, in bytes. */
export const PART = 512 * KIB;

/** A request for a part, or for its beginning. @param offset in parts */
export const partRequest = (offset: number, limit = PART): Uint8Array =>
  encode({
    _: 'upload.getFile', offset: BigInt(offset * PART), limit,
    location: { _: 'inputDocumentFileLocation', id: 1n, access_hash: 1n, file_reference: new Uint8Array(0), thumb_size: '' },
  });

/** A request that carries a part. */
export const partUpload = (file_part: number): Uint8Array =>
  encode({ _: 'upload.saveBigFilePart', file_id: 1n, file_part, file_total_parts: -1, bytes: contentOf(file_part) });

/** What a part of the only file contains. */
export function contentOf(part: number): Uint8Array {
  const bytes = new Uint8Array(PART).fill(part + 1);
  bytes.set(seededRandom(`part ${part}`).bytes(64), PART - 64);
  return bytes;
}

/** A gateway with the real dispatcher and real threads, and a file that is made up. */
export interface PartStage {
  stage: GatewayStage;
  room: ByteBudget;
  /** Parts that ran, by the method: numbers of parts in the order of arrival. */
  ran: { out: number[]; in: number[] };
  /** The accounts for which the threads worked. */
  owners: { sealed: string[]; opened: string[] };
  /** A client that knows its salt, logged in as a user under a key of its own. */
  open(userId: bigint): Promise<RawClient>;
  /** A connection whose bytes the test controls. */
  openSocket(): Promise<{ socket: Socket; frame: (packet: Uint8Array) => Uint8Array }>;
  /** Resolves when nothing is on the way any more. */
  settled(): Promise<void>;
}

/** @param options.roomBytes that parts may take in the process @param options.bytesPerSecond of each account, ten times that at once */
export async function openPartStage(options: { roomBytes?: number; bytesPerSecond?: number } = {}): Promise<PartStage> {
  const { roomBytes = 64 * KIB * KIB, bytesPerSecond } = options;
  const room = new ByteBudget(roomBytes);
  const packetPool = createPacketPool({ workerFile: workerFile('packet-worker'), threads: 1 });
  onTestFinished(() => packetPool[Symbol.asyncDispose]());
  const users = new Map<bigint, bigint>();
  const ran: PartStage['ran'] = { out: [], in: [] };
  const findKeyState = (authKeyId: bigint): Promise<KeyState> =>
    Promise.resolve({
      authKeyId, permAuthKeyId: authKeyId, expires_date: undefined, dcId: 2, userId: users.get(authKeyId), bot: false, passwordPending: false, pendingUserId: undefined,
      deactivated: false, revoked: false, layer: LAYER, init: undefined, seenDate: 0,
    });
  const methods = [
    defineMethod({
      method: 'upload.getFile', access: 'user', cost: 1, repeat: 'read', part: { direction: 'out', bytes: ({ limit }) => limit },
      handler: (_, { offset, limit }) => {
        const part = Number(offset) / PART;
        ran.out.push(part);
        return Promise.resolve({ _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: 0, bytes: contentOf(part).subarray(0, limit) });
      },
    }),
    defineMethod({
      method: 'upload.saveBigFilePart', access: 'user', cost: 1, repeat: 'idempotent', part: { direction: 'in', bytes: ({ bytes }) => bytes.length },
      limits: { maxBytes: PART + 8 * KIB, bytes: { bytes: PART } },
      handler: (_, { file_part, bytes }) => {
        if (Buffer.compare(bytes, contentOf(file_part)) !== 0) throw new Error(`part ${file_part} came changed`);
        ran.in.push(file_part);
        return Promise.resolve(true);
      },
    }),
    defineMethod({
      method: 'help.getNearestDc', access: ['guest', 'user'], cost: 1, repeat: 'read',
      handler: () => Promise.resolve({ _: 'nearestDc', country: '', this_dc: 2, nearest_dc: 2 }),
    }),
  ];
  const auth = { activity: { noteGuest: () => {}, note: () => {} }, findKeyState };
  const dispatcher = createDispatcher({
    methods, domain: { auth } as unknown as Domain, clock: createFakeClock(), random: seededRandom('parts'), log: silentLogger, metrics: createMetrics(),
    parts: { room, ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) },
  });
  const owners: PartStage['owners'] = { sealed: [], opened: [] };
  const watchedPool: PacketCrypto = {
    openPacket(key, packet, owner) {
      owners.opened.push(owner);
      return packetPool.openPacket(key, packet, owner);
    },
    sealPacket(packet, owner) {
      owners.sealed.push(owner);
      return packetPool.sealPacket(packet, owner);
    },
    get isFull() {
      return packetPool.isFull;
    },
  };
  const stage = await openStage({ packetPool: watchedPool, parts: room, dispatcher });
  const open = async (userId: bigint): Promise<RawClient> => {
    const clientKey = stage.addKey();
    users.set(clientKey.key.id, userId);
    stage.logIn(clientKey, userId);
    const client = await stage.connect({ clientKey });
    // The first answer corrects the salt, and after the second the connection belongs to the account.
    for (let calls = 0; calls < 2; calls++) await client.call(encode({ _: 'help.getNearestDc' }));
    return client;
  };
  return {
    stage, room, ran, owners, open,
    async openSocket() {
      const socket = connect(stage.port, '127.0.0.1');
      socket.on('error', () => socket.destroy());
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      const stream = createClientStream({ framing: 'intermediate', obfuscated: false, random: stage.random });
      socket.write(stream.header);
      return { socket, frame: (packet) => stream.packet(packet) };
    },
    async settled() {
      while (room.total > 0 || room.waiting > 0 || packetPool.load > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}
