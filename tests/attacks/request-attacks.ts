import { hashOfInviteLink } from '@aerogram/domain';
import { markPeer } from '@aerogram/cluster';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import pg from 'pg';
import type { AskedGroup, Attack, Target } from './attack.ts';
import { inGroup, inputOf, peerOf } from './group-attacks.ts';

/** People who ask to be let in. */
const ASKERS = 10_000;
const FIRST_ASKER_ID = 500_000_000;

/** Makes a private supergroup, and writes people into the database who ask to be let in: signing them all up would take longer than the attacks. */
export async function createAskedGroup(owner: RawAccount, databaseUrl: string): Promise<AskedGroup> {
  const peer = peerOf(inputOf(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: 'Wanted', about: '' })));
  const exportLink = async (): Promise<string> => {
    const invite = await owner.call<'messages.exportChatInvite'>({ _: 'messages.exportChatInvite', peer, request_needed: true });
    if (invite._ !== 'chatInviteExported') throw new Error(`exportChatInvite answers ${invite._}`);
    return invite.link;
  };
  const [link, ownLink] = [await exportLink(), await exportLink()];
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await database.query(
      `INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('user_id', $2::bigint + n, 'phone', (88800000000 + n)::text, 'first_name', 'Asker ' || n, 'username', NULL))).*
         FROM users u, generate_series(1, $3::integer) AS n WHERE u.user_id = $1`,
      [owner.userId, FIRST_ASKER_ID, ASKERS],
    );
    const peerId = markPeer({ _: 'peerChannel', channel_id: peer.channel_id });
    await database.query(
      `INSERT INTO join_requests (owner_id, user_id, hash, date) SELECT $1, $2::bigint + n, $4, extract(epoch FROM now())::integer - n FROM generate_series(1, $3::integer) AS n`,
      [peerId, FIRST_ASKER_ID, ASKERS, hashOfInviteLink(link)],
    );
    await database.query('INSERT INTO join_request_counts (owner_id, pending) VALUES ($1, $2)', [peerId, ASKERS]);
    await database.query('UPDATE invites SET requested = $3 WHERE owner_id = $1 AND hash = $2', [peerId, hashOfInviteLink(link), ASKERS]);
  } finally {
    await database.end();
  }
  return { peer, link, ownLink };
}

/** What the owner of the supergroup does, a call of each kind in turn. */
type OwnerStep = (owner: RawAccount, group: AskedGroup, n: number) => Promise<unknown>;

/** The first attacker owns the group; all others ask to be let in, by a link whose requests the owner turns down. */
function whileOthersAsk(steps: readonly OwnerStep[]): Attack {
  return (target: Target) => {
    const [owner] = target.accounts;
    const { requests } = target;
    const ask = inGroup((account, _channel, n) =>
      account === owner ? steps[n % steps.length]!(account, requests, n) : account.call<'messages.importChatInvite'>({ _: 'messages.importChatInvite', hash: hashOfInviteLink(requests.ownLink) }));
    return ask(target);
  };
}

const list = (owner: RawAccount, { peer }: AskedGroup, more: Pick<tl.RpcMethods['messages.getChatInviteImporters']['req'], 'q' | 'offset_date'>): Promise<unknown> =>
  owner.call<'messages.getChatInviteImporters'>({ _: 'messages.getChatInviteImporters', peer, requested: true, offset_user: { _: 'inputUserEmpty' }, limit: 100, ...more });

const turnDown: OwnerStep = (owner, { peer, ownLink }) => owner.call<'messages.hideAllChatJoinRequests'>({ _: 'messages.hideAllChatJoinRequests', peer, link: ownLink });

const READS: readonly OwnerStep[] = [
  (owner, group, n) => list(owner, group, { q: `${'@ '.repeat(100)}asker ${n}`, offset_date: 0 }),
  (owner, group, n) => list(owner, group, { q: Array.from({ length: 40 }, (_, word) => `a${n % 7}s${word}`).join(' '), offset_date: 0 }),
  (owner, group, n) => list(owner, group, { q: '', offset_date: 2 ** 31 - 1 - n }),
  turnDown,
];

/** Attacks with requests to join a group. */
export const REQUEST_ATTACKS: Record<string, Attack> = {
  'searches among 10,000 requests to join': whileOthersAsk(READS),
  'approval of 10,000 requests to join': whileOthersAsk([
    (owner, { peer, link }) => owner.call<'messages.hideAllChatJoinRequests'>({ _: 'messages.hideAllChatJoinRequests', peer, approved: true, link }),
    turnDown,
  ]),
};
