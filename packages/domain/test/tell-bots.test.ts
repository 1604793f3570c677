import type { Tx } from '@aerogram/storage';
import { describe, expect, test } from 'vitest';
import { tellBotsOfMembers as tellOfChannel } from '../src/channel-state/tell-bots-of-channel-members.ts';
import { SEES_MEANT_ONLY } from '../src/chats/bot-sight.ts';
import { standingIn } from '../src/chats/index.ts';
import { tellBotsOfMembers as tellOfGroup } from '../src/groups/tell-bots-of-group-members.ts';
import { channelMember, channelRow, chatMember } from './chat-rows.ts';

/** A transaction in which the first statement is an error. */
const noStatements = new Proxy({} as Tx, {
  get(_, name) {
    throw new Error(`the change uses tx.${String(name)}`);
  },
});

const BOT = { user_id: 7n, all_from: SEES_MEANT_ONLY };

describe('a change of members', () => {
  const inChannel = (bots: number, saved: Parameters<typeof channelMember>[0]) => {
    const row = channelRow({ bots });
    return tellOfChannel({ tx: noStatements, date: 100, row, standing: standingIn(row, undefined, 100), noted: [] }, 1n, new Map(), [channelMember(saved)]);
  };
  const inGroup = (bots: number, saved: Parameters<typeof chatMember>[0]) =>
    tellOfGroup({ tx: noStatements, date: 100, chatId: 10n, actorId: 1n, members: [chatMember(saved)], bots, links: new Map() }, [], [chatMember(saved)]);

  test.each([['a supergroup', inChannel], ['a basic group', inGroup]])('reads nothing in %s without bots', async (_, change) => {
    await expect(change(0, { user_id: 5n })).resolves.toBeUndefined();
    await expect(change(1, { user_id: 5n })).rejects.toThrow('the change uses tx.');
    // The last bot that goes is told so.
    await expect(change(0, BOT)).rejects.toThrow('the change uses tx.');
  });
});
