import { connect, type Socket } from 'node:net';
import { wireTo } from '@aerogram/dev-env/load';
import { type ClientKey, type ClientMessage, createClientStream, RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { type Attack, aborted, type Target } from './attack.ts';

/** Lets the event loop turn once. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @returns undefined when the server refuses the connection */
export async function openSocket({ info }: Target): Promise<Socket | undefined> {
  const socket = connect(info.mtproto.port, info.mtproto.host);
  socket.on('error', () => socket.destroy());
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket)).once('close', () => resolve(undefined));
  });
}

/** A client with a valid salt, so that what it sends is accepted. @returns undefined when the attack ends before the server takes the connection */
export async function openClient(target: Target, key: ClientKey): Promise<RawClient | undefined> {
  while (!target.signal.aborted) {
    const client = await RawClient.connect({ ...wireTo(target.info), clientKey: key }).catch(turn);
    if (!client) continue;
    await client.call(encode({ _: 'help.getNearestDc' })).catch(() => {});
    return client;
  }
  return undefined;
}

/**
 * Sends packets with these messages as fast as the server accepts them, over one connection per key; the answers may be left unread.
 * @param make makes the messages of the next packet, for the attacker with this key
 */
export function packets(make: (key: ClientKey) => ClientMessage[], options: { reads: boolean } = { reads: true }): Attack {
  return async (target) => {
    let sent = 0;
    await Promise.all(target.keys.map(async (key) => {
      while (!target.signal.aborted) {
        const opened = await openStream(target, key);
        if (!opened) continue;
        const { session, socket, stream } = opened;
        if (!options.reads) socket.pause();
        let isOpen = true;
        socket.once('close', () => {
          isOpen = false;
        });
        while (isOpen && !target.signal.aborted) {
          const isFull = !socket.write(stream.packet(session.encrypt(make(key)).packet));
          sent += 1;
          if (isFull) await drained(socket, target.signal);
          else await turn();
        }
        socket.destroy();
      }
    }));
    return sent;
  };
}

/** A session that knows its salt, and a connection whose bytes the caller controls. @returns undefined when the server does not take the connection */
async function openStream(target: Target, key: ClientKey): Promise<{ session: RawClient['session']; socket: Socket; stream: ReturnType<typeof createClientStream> } | undefined> {
  const client = await openClient(target, key);
  await client?.[Symbol.asyncDispose]();
  const socket = client && (await openSocket(target));
  if (!socket) return undefined;
  const stream = createClientStream({ framing: 'abridged', obfuscated: false, random: systemRandom });
  socket.on('data', () => {});
  socket.write(stream.header);
  return { session: client.session, socket, stream };
}

/** Resolves when the socket accepts more, is closed, or the attack should end. */
async function drained(socket: Socket, signal: AbortSignal): Promise<void> {
  let done = (): void => {};
  const moved = new Promise<void>((resolve) => {
    done = resolve;
    socket.once('drain', done).once('close', done);
  });
  await Promise.race([moved, aborted(signal)]);
  socket.off('drain', done).off('close', done);
}

/** Opens connections, many at once; each is left open for a while. */
export function connections(atOnce: number, begin: (socket: Socket) => void): Attack {
  return async (target) => {
    const open: Socket[] = [];
    let made = 0;
    while (!target.signal.aborted) {
      const socket = await openSocket(target);
      if (!socket) continue;
      made += 1;
      begin(socket);
      open.push(socket);
      if (open.length > atOnce) open.shift()!.destroy();
    }
    for (const socket of open) socket.destroy();
    return made;
  };
}
