import { projectMessage, type MessageRow } from '@aerogram/domain';
import {
  createAuthKey, decryptMessage, DEFAULT_SESSION_LIMITS, KeySalts, SaltSource, ServerMessageIds, sealHere, ServerSession, SessionLink,
} from '@aerogram/mtproto';
import { ClientSession } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { floorKey } from '../load/floor-key.ts';
import { rateOf, type Row } from '../row.ts';

const CALL = encode({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'Hello there, this is a message of ordinary length.', random_id: 1n });
const ANSWER = encode({ _: 'updateShortSentMessage', out: true, id: 4711, pts: 815, pts_count: 1, date: 1_750_000_000 });
const STORED: MessageRow = {
  owner_id: 1_000_010n, msg_id: 4711, global_id: 77n, peer_id: 1_000_002n, from_id: 1_000_002n, saved_peer_id: null, pts: 815,
  date: 1_750_000_000, edit_date: null, flags: 0, reply_to_msg_id: null, text: 'Hello there, this is a message of ordinary length.',
  extra: null, ttl_period: null,
};

/** The two sides of one session in this process, without sockets. */
function openSession(): { client: ClientSession; server: ServerSession; link: SessionLink } {
  const key = createAuthKey(floorKey(0));
  const salts = new KeySalts(new SaltSource(systemRandom.bytes(32)), key.id);
  const server = new ServerSession({
    key, sessionId: 1n, salts, msgIds: new ServerMessageIds(), random: systemRandom, limits: DEFAULT_SESSION_LIMITS,
    overflowNotice: encode({ _: 'updatesTooLong' }),
  });
  const client = new ClientSession({ key, sessionId: 1n, salt: salts.current(Date.now()), random: systemRandom, nowMs: Date.now });
  return { client, server, link: new SessionLink() };
}

/** What MTProto and the projection cost of a send, on one core, both sides of the wire in this process. */
export function benchSession(): Row[] {
  const { client, server, link } = openSession();
  const roundTrip = (): void => {
    const { packet } = client.encrypt([{ body: CALL }]);
    const message = decryptMessage(client.key, packet);
    for (const event of server.receive(link, message!, Date.now()).events) if (event.type === 'request') server.reply(event.msgId, ANSWER);
    const acks = client.acksFor(client.open(sealHere(server.takeOutgoing(link, Date.now())!)));
    const acknowledging = client.encrypt([{ body: acks!, content: false }]);
    server.receive(link, decryptMessage(client.key, acknowledging.packet)!, Date.now());
  };
  return [
    { name: 'a call in, its answer out, its acknowledgement in: client and server', unit: 'calls', rate: rateOf(roundTrip) },
    {
      name: 'project and encode a new message', unit: 'pushes',
      rate: rateOf(() => encode({ _: 'updateNewMessage', message: projectMessage(STORED), pts: STORED.pts, pts_count: 1 })),
    },
  ];
}
