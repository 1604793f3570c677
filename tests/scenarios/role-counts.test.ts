import type { Actor } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, promoteIn } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Counts = [members: number, admins: number, kicked: number, banned: number];

test.each(['megagroup', 'broadcast'] as const)('admins of a %s see how many admins, removed and restricted members it has, after each change', async (kind) => {
  const { id, alice, bob, carol } = await channelStage(scenario, kind);
  const channel = alice.main.inputChannel(id);
  const counts = async (): Promise<Counts> => {
    const { fullChat } = await alice.main.call({ _: 'channels.getFullChannel', channel });
    const { participantsCount, adminsCount, kickedCount, bannedCount } = fullChat as tl.RawChannelFull;
    const { rows } = await sql<{ counts: bigint[] }>`
      SELECT ARRAY[count(*) FILTER (WHERE status = 'member'), count(*) FILTER (WHERE role <> 'member' AND status = 'member'),
                   count(*) FILTER (WHERE banned_rights <> 0 AND status = 'banned'), count(*) FILTER (WHERE banned_rights <> 0 AND status <> 'banned')] AS counts
        FROM channel_members WHERE channel_id = ${BigInt(-id) - 10n ** 12n}`.execute(scenario.server.db.q);
    const shown: Counts = [participantsCount!, adminsCount!, kickedCount!, bannedCount!];
    expect(shown).toEqual(rows[0]!.counts.map(Number));
    return shown;
  };
  const ban = (member: Actor, rights: Partial<tl.RawChatBannedRights>): Promise<unknown> => {
    const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', untilDate: 0, ...rights };
    return alice.main.change({ _: 'channels.editBanned', channel, participant: alice.main.inputPeer(member.id), bannedRights });
  };
  expect(await counts()).toEqual([3, 1, 0, 0]);
  await promoteIn(alice, id, bob, { postMessages: true, banUsers: true });
  expect(await counts()).toEqual([3, 2, 0, 0]);
  await promoteIn(alice, id, bob, {});
  expect(await counts()).toEqual([3, 1, 0, 0]);
  if (kind === 'megagroup') {
    await ban(carol, { sendMessages: true });
    expect(await counts()).toEqual([3, 1, 0, 1]);
  }
  await ban(carol, { viewMessages: true });
  expect(await counts()).toEqual([2, 1, 1, 0]);
  await ban(carol, { viewMessages: true });
  expect(await counts()).toEqual([2, 1, 1, 0]);
  await ban(carol, {});
  expect(await counts()).toEqual([2, 1, 0, 0]);
  await promoteIn(alice, id, bob, { postMessages: true, banUsers: true });
  await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
  expect(await counts()).toEqual([1, 1, 0, 0]);
});
