import { Deliveries, type SendPace } from './deliveries.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { XmppClient } from './xmpp-client.ts';

const clients: XmppClient[] = [];
const deliveries = new Deliveries();

/** Logs in `u0` … Only senders (even numbers) have their messages acknowledged. */
export async function logInXmpp(port: number, password: string, count: number): Promise<Outcome> {
  for (let n = clients.length; n < count; n++) {
    const client = await XmppClient.logIn({ port, name: `u${n}`, password, localAddress: sourceAddress(n), withAcks: n % 2 === 0 });
    client.onBody = (body) => deliveries.arrived(body);
    clients.push(client);
  }
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** `u2i` sends to `u2i+1`, like `send` of our own load. */
export function sendXmpp(ms: number, senders: number, pace: SendPace): Promise<Outcome> {
  return deliveries.run(ms, senders, pace, (sender, text) => clients[2 * sender]!.send(clients[2 * sender + 1]!.name, text));
}
