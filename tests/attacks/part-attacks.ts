import type { Socket } from 'node:net';
import { type RawAccount, sendFile } from '@aerogram/dev-env/load';
import { type ClientKey, createClientStream } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode, type tl } from '@aerogram/tl';
import { type Attack, aborted, type Target } from './attack.ts';
import { openClient, openSocket, packets } from './connections.ts';

const PART_BYTES = 512 * 1024;
/** Parts of one file, so that an attack takes no more than 100 MiB of disk for each account. */
const PARTS = 200;
/** Parts of the file that is asked for. */
const LOADED_PARTS = 8;
/** How many connections one attacker has at a time. */
const AT_ONCE = 8;
/** Does not compress. */
const CONTENT = systemRandom.bytes(PART_BYTES);

const nextPart = (() => {
  let n = 0;
  return (): Uint8Array => encode({ _: 'upload.saveBigFilePart', file_id: 1n, file_part: n++ % PARTS, file_total_parts: PARTS, bytes: CONTENT });
})();

/**
 * Attackers open a connection, send bytes and close it as soon as the system has taken them, again and again, {@link AT_ONCE} at a time. They
 * keep their sessions, because new ones are another attack.
 * @param make makes the bytes, from the next packet with a part
 */
function cut(make: (packet: Uint8Array, key: ClientKey) => Uint8Array): Attack {
  return async (target) => {
    let made = 0;
    await Promise.all(target.keys.flatMap((key) =>
      Array.from({ length: AT_ONCE }, async () => {
        const client = await openClient(target, key);
        await client?.[Symbol.asyncDispose]();
        while (client && !target.signal.aborted) {
          await sendAndCut(await openSocket(target), make(client.session.encrypt([{ body: nextPart() }]).packet, key), target);
          made += 1;
        }
      }),
    ));
    return made;
  };
}

async function sendAndCut(socket: Socket | undefined, bytes: Uint8Array, { signal }: Target): Promise<void> {
  if (!socket) return;
  const sent = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.write(bytes, () => resolve());
  });
  await Promise.race([sent, aborted(signal)]);
  socket.destroy();
}

/** A packet as the first one of a connection. */
function framed(packet: Uint8Array): Uint8Array {
  const stream = createClientStream({ framing: 'abridged', obfuscated: false, random: systemRandom });
  return Buffer.concat([stream.header, stream.packet(packet)]);
}

/** Sends itself a file to be asked for. @returns where its parts are */
export function sendFileOfParts(account: RawAccount): Promise<tl.InputFileLocation> {
  return sendFile(account, LOADED_PARTS, () => CONTENT);
}

/** Asks for the parts of a file over connections that are never read. */
const askForParts: Attack = (target) => {
  let n = 0;
  // Each asks for another range, because calls that are repeated with the same bytes are slowed down.
  const ask = (key: ClientKey): Uint8Array => {
    const at = (n++ * 1024) % (PART_BYTES * (LOADED_PARTS - 2));
    return encode({ _: 'upload.getFile', precise: true, location: target.files.get(key)!, offset: BigInt(at - (at % (2 * PART_BYTES)) + (at % PART_BYTES)), limit: PART_BYTES });
  };
  return packets((key) => Array.from({ length: 20 }, () => ({ body: ask(key) })), { reads: false })(target);
};

/** Attacks by parts of files, and by packets that are as long. */
export const PART_ATTACKS: Record<string, Attack> = {
  'parts of files, as fast as they are read': packets(() => [{ body: nextPart() }]),
  'parts of files that are not read': askForParts,
  'parts of files cut in the middle': cut((packet) => framed(packet).subarray(0, PART_BYTES / 2)),
  'parts of files over HTTP cut in the middle': cut((packet) => {
    const head = Buffer.from(`POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: ${packet.length}\r\n\r\n`);
    return Buffer.concat([head, packet.subarray(0, PART_BYTES / 2)]);
  }),
  // Their content is nothing, but each has to be decrypted before the server knows.
  'long packets that cannot be opened': cut((packet, key) => framed(Buffer.concat([key.key.idBytes, systemRandom.bytes(16), packet.subarray(24)]))),
};
