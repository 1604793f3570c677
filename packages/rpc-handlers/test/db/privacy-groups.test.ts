import { readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

let world: RpcWorld;
let alice: { authKeyId: bigint; userId: bigint };
let bob: { authKeyId: bigint; userId: bigint };
beforeAll(async () => {
  world = await createRpcWorld('privacy-groups');
  alice = await world.signUp('9996610001', 'Alice');
  bob = await world.signUp('9996610002', 'Bob');
});
afterAll(() => world[Symbol.asyncDispose]());

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
let randomId = 0n;

const by = (who: { userId: bigint }) => ({ actorId: who.userId, origin: undefined });

async function supergroup(owner: bigint, kind: 'megagroup' | 'broadcast' = 'megagroup'): Promise<bigint> {
  const { first } = await world.domain.channels.doCreate({ creatorId: owner, kind, title: 'Group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
  return -first.owner_id - 10n ** 12n;
}

type RuleName = 'AllowChatParticipants' | 'DisallowChatParticipants';

async function set(name: RuleName, ...chats: bigint[]): Promise<tl.account.privacyRules | string> {
  const rules: tl.InputPrivacyRule[] = [{ _: `inputPrivacyValue${name}`, chats }, { _: 'inputPrivacyValueAllowAll' }];
  const answer = await world.call(alice.authKeyId, { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' }, rules });
  return answer.error ?? (readResult(new TlReader(answer.body), 'account.setPrivacy') as tl.account.privacyRules);
}

it('rules that name groups are kept and shown with the groups', async () => {
  const channelId = await supergroup(alice.userId);
  const { notice } = await world.domain.groups.doCreate({ creatorId: alice.userId, title: 'Basic', users: [], ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
  const chatId = -notice!.peer_id;
  for (const name of ['AllowChatParticipants', 'DisallowChatParticipants'] as const) {
    const saved = await set(name, channelId, chatId);
    expect(saved).toMatchObject({ rules: [{ _: `privacyValue${name}`, chats: [channelId, chatId] }, { _: 'privacyValueAllowAll' }] });
    expect((saved as tl.account.privacyRules).chats.map(({ _, id }) => `${_} ${id}`)).toEqual([`channel ${channelId}`, `chat ${chatId}`]);
  }
  // What the caller has left may be sent again, and a group that became a supergroup is that.
  const { peerId } = await world.domain.channels.doMigrate({ ...by(alice), chatId });
  await world.domain.channels.at(channelId).members.doLeave(by(alice));
  expect(await set('DisallowChatParticipants', channelId, chatId)).toMatchObject({ rules: [{ chats: [channelId, -peerId - 10n ** 12n] }, {}] });
});

it('groups that the caller is not in, channels, and what does not exist are refused, not left out', async () => {
  const own = await supergroup(alice.userId);
  for (const id of [await supergroup(bob.userId), await supergroup(alice.userId, 'broadcast'), own + 8000n, 8n, 0n, -1n, 2n ** 62n]) {
    expect(await set('DisallowChatParticipants', own, id), String(id)).toBe('PRIVACY_VALUE_INVALID');
  }
  expect(await set('DisallowChatParticipants', ...Array.from({ length: 1001 }, () => own))).toBe('PRIVACY_TOO_LONG');
});
