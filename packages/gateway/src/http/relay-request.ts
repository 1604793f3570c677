import { packetKeyId } from '@aerogram/mtproto';
import { pause } from '@aerogram/runtime';
import type { GatewayServices } from '../gateway-services.ts';
import type { HttpExchange } from './http-exchange.ts';
import { readMessage, writeHello, writeMessage } from '../relay/messages.ts';
import type { KeyPlace, OtherNodes, RelayChannel, RelayEvents } from '../relay/other-nodes.ts';

/** A request whose key belongs to a node that cannot be reached is given up after this long, in milliseconds. */
const UNREACHABLE_MS = 3000;

/** Where a nonce begins in all steps of the handshake: after the header of a plain message and the constructor. */
const NONCE_AT = 24;

const NONCE_BYTES = 16;

/** Where a packet goes that came by HTTP. The steps of a handshake may come by several nodes; the owner of the nonce does all of them. */
function placeOfPacket(nodes: OtherNodes, packet: Uint8Array): KeyPlace {
  const keyId = packetKeyId(packet);
  if (keyId !== 0n) return nodes.placeOf(keyId);
  const nonce = packet.subarray(NONCE_AT, NONCE_AT + NONCE_BYTES);
  return nodes.placeOfNonce(Buffer.from(nonce).toString('hex'));
}

/**
 * Has the owner of its key answer a request, or waits until this node may. Never rejects.
 * @returns true if the request has to be answered here
 */
export async function passRequest(nodes: OtherNodes, { clock, metrics }: Pick<GatewayServices, 'clock' | 'metrics'>, exchange: HttpExchange, packet: Uint8Array): Promise<boolean> {
  let atLeast = 0;
  let awaySinceMs: number | undefined;
  const gone = new Promise<void>((resolve) => exchange.onClosed(() => resolve()));
  while (!exchange.isClosed) {
    const place = nodes.generation < atLeast ? 'later' : placeOfPacket(nodes, packet);
    if (place === 'here') return true;
    if (place !== 'later') {
      metrics.relayedPackets.inc();
      const outcome = await relay(nodes, place.node, exchange, packet);
      if (outcome === 'done') return false;
      if (outcome === 'unreachable') awaySinceMs ??= clock.monotonicMs();
      else {
        atLeast = Math.max(atLeast, outcome);
        if (atLeast > nodes.generation) nodes.heardOf(atLeast);
        continue;
      }
    }
    await Promise.race([nodes.changed(), gone, ...(awaySinceMs === undefined ? [] : [pause(clock, UNREACHABLE_MS)])]);
    if (awaySinceMs !== undefined && clock.monotonicMs() - awaySinceMs >= UNREACHABLE_MS) exchange.abort();
  }
  return false;
}

/** @returns 'done', also if the request had to be given up; 'unreachable'; or the generation by which that node says that the key belongs to another one */
function relay(nodes: OtherNodes, node: string, exchange: HttpExchange, packet: Uint8Array): Promise<'done' | 'unreachable' | number> {
  const { remoteAddress, localAddress, localPort, isForwarded } = exchange;
  return new Promise((resolve) => {
    const listen = (channel: RelayChannel): RelayEvents => {
      exchange.onClosed((isSent) => {
        if (!isSent) channel.send(writeMessage({ kind: 'lost' }));
        channel.close();
      });
      return {
        message: (body) => {
          const message = readMessage(body);
          channel.consumed(body.length);
          if (message.kind === 'response') exchange.pass(message.value, message.data);
          else if (message.kind === 'wrong') resolve(message.value);
        },
        room: () => {},
        closed: () => {
          // If the owner has gone, the client has to repeat the request: it may have been executed.
          resolve('done');
        },
      };
    };
    const hello = writeHello({ transport: 'http', remoteAddress, localAddress, localPort, isForwarded });
    const channel = nodes.open(node, hello, listen);
    if (!channel) return resolve('unreachable');
    channel.send(writeMessage({ kind: 'packet', generation: nodes.generation, quickAck: false, data: packet }));
  }).then((outcome) => {
    if (outcome === 'done') exchange.abort();
    return outcome as 'done' | 'unreachable' | number;
  });
}
