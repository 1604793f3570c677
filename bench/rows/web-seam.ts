import type { Browser } from 'playwright-core';
import { callPatiently, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { createChannel } from '../load/channel-load.ts';
import { createGroup, findMembers } from '../load/group-load.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { WALK_BACK, type Walked } from '../web/page-scripts.ts';

/** Messages before the group became a supergroup, and as many after it. */
const EACH = 1000;
/** The owner, whose page is measured, and those who write. */
const PEOPLE = 5;
/** Messages on the way while a chat is filled. */
const WINDOW = 32;

/** A group that became a supergroup, whose two histories are shown as one, beside a supergroup that always was one. */
export async function benchWebSeam({ profileDir }: BenchOptions): Promise<Row[]> {
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const { plain, joined } = await fillGroups(server.info);
    const walks = [await walk(browser, server.info, plain), await walk(browser, server.info, joined)] as const;
    const [one, two] = walks;
    const rowOf = (name: string, { seen, moved, pages }: Walk): Row => ({ name, figures: { 'messages shown': seen, 'pages asked for': pages, 'pixels moved': moved } });
    const rows = [rowOf(`a supergroup of ${2 * EACH} messages, scrolled to its beginning`, one), rowOf(`a group of ${EACH} messages that became a supergroup of ${EACH}`, two)];
    rows[1]!.ratios = [
      ratioTo(BOUNDS.webAnchor, two.moved, 1),
      ratioTo(BOUNDS.webSeamMissed, Math.abs(2 * EACH - two.seen) + two.doubled, 1),
      ratioTo(BOUNDS.webSeamPages, two.pages, one.pages),
    ];
    return rows;
  }));
}

interface Walk extends Walked {
  /** Pages of the history that were asked for, from the log-in on. */
  pages: number;
}

/** Two chats of the first account. @returns their marked ids */
async function fillGroups(server: ServerInfo): Promise<{ plain: bigint; joined: bigint }> {
  const people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => RawAccount.signUp(server, { name: `Person ${n}`, ...phoneOf(n) })));
  const [owner, ...others] = people as [RawAccount, ...RawAccount[]];
  const members = await findMembers(owner, others);
  const chat_id = await createGroup(owner, members);
  await write(others, EACH, () => Promise.resolve({ _: 'inputPeerChat', chat_id }));
  const migrated = await owner.call<'messages.migrateChat'>({ _: 'messages.migrateChat', chat_id });
  const joined = channelOf(migrated);
  await write(others, EACH, (member) => findPeer(member, joined));
  const { channel_id: plain } = await createChannel(owner, 'megagroup', members);
  await write(others, 2 * EACH, (member) => findPeer(member, plain));
  // Both begin at their end, and not at what is unread.
  for (const id of [joined, plain]) {
    await owner.call<'channels.readHistory'>({ _: 'channels.readHistory', channel: { ...(await findPeer(owner, id)), _: 'inputChannel' }, max_id: 2 ** 31 - 1 });
  }
  return { plain: markOf(plain), joined: markOf(joined) };
}

const markOf = (channel: bigint): bigint => -1_000_000_000_000n - channel;

function channelOf(updates: tl.Updates): bigint {
  const channel = updates._ === 'updates' ? updates.chats.find(({ _ }) => _ === 'channel') : undefined;
  if (!channel) throw new Error(`migrateChat answers ${updates._}`);
  return channel.id;
}

/** Finds a channel among the chats of an account, which has its access hash. */
async function findPeer(account: RawAccount, id: bigint): Promise<tl.inputPeerChannel> {
  const dialogs = await account.call<'messages.getDialogs'>({ _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n });
  const channel = 'chats' in dialogs ? dialogs.chats.find((chat) => chat.id === id) : undefined;
  if (channel?._ !== 'channel' || channel.access_hash === undefined) throw new Error(`${account.name} has no such chat`);
  return { _: 'inputPeerChannel', channel_id: id, access_hash: channel.access_hash };
}

/** Several people write texts that differ. */
async function write(people: readonly RawAccount[], count: number, findChat: (member: RawAccount) => Promise<tl.InputPeer>): Promise<void> {
  let next = 0;
  const from = systemRandom.int63();
  const peers = await Promise.all(people.map(findChat));
  await Promise.all(Array.from({ length: WINDOW }, async (_, lane) => {
    const at = lane % people.length;
    while (next < count) {
      const message = `${from % 10_000n}: message ${next++} ${'with some words '.repeat(next % 7)}`;
      await callPatiently<'messages.sendMessage'>(people[at]!, { _: 'messages.sendMessage', peer: peers[at]!, message, random_id: systemRandom.int63() });
    }
  }));
}

/** Scrolls through a chat from its end to its beginning. */
async function walk(browser: Browser, server: ServerInfo, chat: bigint): Promise<Walk> {
  const address = `http://localhost:${server.http.port}/`;
  const before = await countPages(address);
  const page = await openChat(browser, address, { account: 0, chat });
  const walked = await page.evaluate<Walked>(WALK_BACK);
  const pages = (await countPages(address)) - before;
  await page.context().close();
  return { ...walked, pages };
}

/** How many pages of histories the server has given. */
async function countPages(address: string): Promise<number> {
  const text = await (await fetch(`${address}metrics`)).text();
  return [...text.matchAll(/^aerogram_rpc_calls_total\{.*"messages\.getHistory".*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
