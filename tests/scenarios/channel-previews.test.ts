import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { channelStage } from './channel-stage.ts';
import { type PageSite, startPageSite } from './page-site.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let site: PageSite;
beforeAll(async () => {
  site = await startPageSite();
  scenario = await startScenario({ env: site.env });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});

/** Posts a text. @returns the message */
async function post({ main }: Actor, id: number, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<tl.RawMessage> {
  const { updates } = (await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(id), message, randomId: randomLong(), ...more })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateNewChannelMessage') as tl.RawUpdateNewChannelMessage).message as tl.RawMessage;
}

const edit = ({ main }: Actor, id: number, change: Omit<tl.messages.RawEditMessageRequest, '_' | 'peer'>): Promise<tl.TypeUpdates> =>
  main.change({ _: 'messages.editMessage', peer: main.inputPeer(id), ...change });

/** The title of the page that a device shows under a message; undefined if it shows none, `pending` while it waits. */
function titleIn(device: Device, text: string): string | undefined {
  const media = device.find(text)?.media ?? '';
  if (media === '') return undefined;
  const { webpage } = JSON.parse(media) as tl.RawMessageMediaWebPage;
  return webpage._ === 'webPage' ? webpage.title : 'pending';
}

const sees = (device: Device, text: string, title: string | undefined): Promise<void> =>
  device.waitUntil(`${title ?? 'no page'} under "${text}"`, () => device.find(text) !== undefined && titleIn(device, text) === title);

describe.each(['megagroup', 'broadcast'] as const)('a link in a %s', (kind) => {
  test('gets its preview when the page was read, also for those who were away', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, kind);
    await carol.main.goOffline();
    const text = `look at ${site.base}/slow-${kind}`;
    await verifyUpdates([alice, bob], async () => {
      const { media } = await post(alice, id, text);
      expect(media).toMatchObject({ _: 'messageMediaWebPage', webpage: { _: 'webPagePending', url: `${site.base}/slow-${kind}` } });
      await bob.sees(text);
      await site.release(`/slow-${kind}`);
      for (const actor of [alice, bob]) await sees(actor.main, text, `Page /slow-${kind}`);
      expect(await bob.main.seesUpdate('updateChannelWebPage')).toMatchObject({ ptsCount: 1, webpage: { _: 'webPage', siteName: 'Site' } });
    });
    await carol.main.goOnline();
    await carol.main.catchUp();
    await sees(carol.main, text, `Page /slow-${kind}`);
  });

  test('has none if the author does not want it, the page does not exist, or an edit removes it', async () => {
    const { id, alice, bob } = await channelStage(scenario, kind);
    await verifyUpdates([alice, bob], async () => {
      expect((await post(alice, id, `plain ${site.base}/plain`, { noWebpage: true })).media).toBeUndefined();
      const missing = `gone ${site.base}/missing-${kind}`;
      await post(alice, id, missing);
      for (const actor of [alice, bob]) await sees(actor.main, missing, undefined);
      const { id: msgId } = await post(alice, id, `first ${site.base}/known-${kind}`);
      await sees(bob.main, `first ${site.base}/known-${kind}`, `Page /known-${kind}`);
      await edit(alice, id, { id: msgId, message: `second ${site.base}/other-${kind}` });
      await sees(bob.main, `second ${site.base}/other-${kind}`, `Page /other-${kind}`);
      await edit(alice, id, { id: msgId, message: `second ${site.base}/other-${kind}`, noWebpage: true });
      await sees(bob.main, `second ${site.base}/other-${kind}`, undefined);
      const media: tl.TypeInputMedia = { _: 'inputMediaWebPage', url: `${site.base}/known-${kind}` };
      await edit(alice, id, { id: msgId, message: 'third', media });
      await sees(bob.main, 'third', `Page /known-${kind}`);
    });
  });
});

test('members who may not embed links post them without a preview', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await alice.main.change({
    _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', embedLinks: true, untilDate: 0 },
  });
  await verifyUpdates([alice, bob, carol], async () => {
    const { id: msgId, media } = await post(bob, id, `look at ${site.base}/refused`);
    expect(media).toBeUndefined();
    await edit(bob, id, { id: msgId, message: `look again at ${site.base}/refused` });
    await sees(carol.main, `look again at ${site.base}/refused`, undefined);
    const chosen: tl.TypeInputMedia = { _: 'inputMediaWebPage', url: `${site.base}/refused` };
    const peer = bob.main.inputPeer(id);
    expect(await bob.main.fails({ _: 'messages.sendMedia', peer, media: chosen, message: 'chosen', randomId: randomLong() })).toMatchObject({ text: 'CHAT_SEND_WEBPAGE_FORBIDDEN' });
    expect(await bob.main.fails({ _: 'messages.editMessage', peer, id: msgId, message: 'chosen', media: chosen })).toMatchObject({ text: 'CHAT_SEND_WEBPAGE_FORBIDDEN' });
    await post(alice, id, `from an admin ${site.base}/allowed`);
    await sees(carol.main, `from an admin ${site.base}/allowed`, 'Page /allowed');
  });
});
