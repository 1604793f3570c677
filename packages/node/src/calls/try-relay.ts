import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { ATTRIBUTE, KIND, METHOD, StunMessage, StunWriter } from '@aerogram/turn';

/** Pauses between questions, of which each may be lost, in milliseconds. */
const AGAIN_MS = 300;

const TRIES = 4;

/** Asks a STUN server over UDP for the own address. @returns whether it answered within about a second */
export async function answersStun({ host, port }: { host: string; port: number }): Promise<boolean> {
  const transaction = randomBytes(12);
  const question = new StunWriter(METHOD.binding, KIND.request, transaction).finish();
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  // A network without a way there is an answer, too.
  socket.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<boolean>((resolve) => {
      socket.on('message', (packet) => {
        const answer = StunMessage.parse(packet);
        if (answer?.kind === KIND.success && answer.transactionId.equals(transaction) && answer.listAddresses(ATTRIBUTE.xorMappedAddress)?.length === 1) resolve(true);
      });
      let tries = 0;
      const ask = (): void => {
        if (tries === TRIES) return resolve(false);
        tries += 1;
        socket.send(question, port, host, () => {});
        timer = setTimeout(ask, AGAIN_MS);
      };
      ask();
    });
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

/** Whether nobody has a UDP port of this machine. */
export async function isUdpPortFree({ host, port }: { host: string; port: number }): Promise<boolean> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    const bound = once(socket, 'listening');
    socket.bind({ address: host, port, exclusive: true });
    await bound;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
