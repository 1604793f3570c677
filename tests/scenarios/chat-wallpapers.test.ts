import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkMessageFiles, download, hashOf, upload } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());
afterEach(() => checkMessageFiles(scenario.server.db));
beforeEach(async () => {
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
  await alice.meet(bob);
  await alice.send(bob, 'hi');
  await bob.sees('hi');
});

const PLAIN: tl.RawWallPaperSettings = { _: 'wallPaperSettings' };
const BLUE: tl.RawWallPaperSettings = { _: 'wallPaperSettings', backgroundColor: 0x20_40_80 };
const GREEN: tl.RawWallPaperSettings = { _: 'wallPaperSettings', backgroundColor: 0x20_80_40 };
const FILL: tl.RawInputWallPaperNoFile = { _: 'inputWallPaperNoFile', id: 0 as never };

type Request = Omit<tl.messages.RawSetChatWallPaperRequest, '_' | 'peer'>;
const change = (actor: Actor, other: Actor, request: Request) => actor.main.change({ _: 'messages.setChatWallPaper', peer: actor.main.inputPeer(other.id), ...request });
const set = (actor: Actor, other: Actor, request: Request) => actor.main.call({ _: 'messages.setChatWallPaper', peer: actor.main.inputPeer(other.id), ...request });

/** The wallpaper of a chat as somebody's profile of the other one shows it. */
async function shown(actor: Actor, other: Actor): Promise<{ wallpaper: tl.TypeWallPaper | undefined; overridden: boolean }> {
  const { fullUser } = await actor.main.call({ _: 'users.getFullUser', id: actor.main.inputUser(other.id) });
  return { wallpaper: fullUser.wallpaper, overridden: fullUser.wallpaperOverridden === true };
}
const colorOf = async (actor: Actor, other: Actor): Promise<number | undefined> => (await shown(actor, other)).wallpaper?.settings?.backgroundColor;

/** The actions of the service messages about wallpapers in somebody's chat, newest first, with their ids. */
async function actionsOf(actor: Actor, other: Actor): Promise<(tl.RawMessageActionSetChatWallPaper & { msgId: number })[]> {
  const history = await actor.main.call({ _: 'messages.getHistory', peer: actor.main.inputPeer(other.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: 0 as never });
  if (history._ === 'messages.messagesNotModified') return [];
  return history.messages.flatMap((message) => (message._ === 'messageService' && message.action._ === 'messageActionSetChatWallPaper' ? [{ ...message.action, msgId: message.id }] : []));
}

describe('the wallpaper of a private chat', () => {
  it('is seen by who has set it; the other one reads of it, and takes the same by the message', async () => {
    await set(alice, bob, { wallpaper: FILL, settings: BLUE });
    expect(await colorOf(alice, bob)).toBe(0x20_40_80);
    expect(await shown(bob, alice)).toEqual({ wallpaper: undefined, overridden: false });
    const [action] = await actionsOf(bob, alice);
    expect(action).toMatchObject({ wallpaper: { _: 'wallPaperNoFile', settings: { backgroundColor: 0x20_40_80 } } });
    expect([action!.same === true, action!.forBoth === true]).toEqual([false, false]);
    await set(bob, alice, { id: action!.msgId });
    expect(await colorOf(bob, alice)).toBe(0x20_40_80);
    expect((await actionsOf(alice, bob))[0]!.same).toBe(true);
    // A call that is repeated after its answer was lost adds nothing.
    await set(bob, alice, { id: action!.msgId });
    await set(alice, bob, { wallpaper: FILL, settings: BLUE });
    expect(await actionsOf(alice, bob)).toHaveLength(2);
  });

  it('that is a fill keeps its colours when it is set with settings that name none', async () => {
    const { wallpapers } = (await alice.main.call({ _: 'account.getWallPapers', hash: 0 as never })) as tl.account.RawWallPapers;
    const { id, settings } = wallpapers[0]!;
    await set(alice, bob, { wallpaper: { _: 'inputWallPaperNoFile', id }, settings: { ...PLAIN, motion: true } });
    expect((await shown(alice, bob)).wallpaper).toMatchObject({ id, settings: { ...settings, motion: true } });
    await set(alice, bob, { wallpaper: FILL, settings: BLUE });
    await set(bob, alice, { id: (await actionsOf(bob, alice))[0]!.msgId, settings: { ...PLAIN, motion: true } });
    expect((await shown(bob, alice)).wallpaper?.settings).toMatchObject({ ...BLUE, motion: true });
  });

  it('is set for both, and the other one takes the earlier one again, or none', async () => {
    await set(bob, alice, { wallpaper: FILL, settings: GREEN });
    await set(alice, bob, { wallpaper: FILL, settings: BLUE, forBoth: true });
    expect(await shown(bob, alice)).toMatchObject({ overridden: true, wallpaper: { settings: { backgroundColor: 0x20_40_80 } } });
    expect((await shown(alice, bob)).overridden).toBe(false);
    expect((await actionsOf(bob, alice))[0]!.forBoth).toBe(true);
    await set(bob, alice, { revert: true });
    expect(await shown(bob, alice)).toMatchObject({ overridden: false, wallpaper: { settings: { backgroundColor: 0x20_80_40 } } });
    expect(await colorOf(alice, bob)).toBe(0x20_40_80);
    const count = (await actionsOf(bob, alice)).length;
    await set(bob, alice, { revert: true });
    await set(bob, alice, {});
    await set(bob, alice, {});
    expect((await shown(bob, alice)).wallpaper).toBeUndefined();
    expect(await actionsOf(bob, alice)).toHaveLength(count);
    // Without an earlier one there is none again.
    await set(alice, bob, { wallpaper: FILL, settings: GREEN, forBoth: true });
    await set(bob, alice, { revert: true });
    expect(await shown(bob, alice)).toEqual({ wallpaper: undefined, overridden: false });
  });

  it('that is a picture is loaded by both, from the message and from the profile, and kept as long as somebody has it', async () => {
    const bytes = await makePicture(400, 700);
    const file = await upload(alice.main, { bytes, name: 'w.jpg' });
    const uploaded = (await alice.main.call({ _: 'account.uploadWallPaper', forChat: true, file, mimeType: 'image/jpeg', settings: PLAIN })) as tl.RawWallPaper;
    const input = { _: 'inputWallPaper', id: uploaded.id, accessHash: uploaded.accessHash } as const;
    await set(alice, bob, { wallpaper: input, settings: { ...PLAIN, blur: true }, forBoth: true });
    const loads = async (actor: Actor, wallpaper: tl.TypeWallPaper | undefined): Promise<void> => {
      expect(wallpaper).toMatchObject({ _: 'wallPaper', slug: uploaded.slug, settings: { blur: true } });
      expect(hashOf(await download(actor.main, (wallpaper as tl.RawWallPaper).document as tl.RawDocument))).toBe(hashOf(bytes));
    };
    await loads(bob, (await shown(bob, alice)).wallpaper);
    await loads(bob, (await actionsOf(bob, alice))[0]!.wallpaper);
    await loads(alice, (await shown(alice, bob)).wallpaper);
    const { db } = scenario.server;
    const uses = async (): Promise<[number, number]> => [
      (await db.q.selectFrom('message_files').selectAll().where('owner_id', 'in', [BigInt(alice.id), BigInt(bob.id)]).execute()).length,
      (await db.q.selectFrom('kept_documents').selectAll().where('owner_id', 'in', [BigInt(alice.id), BigInt(bob.id)]).execute()).length,
    ];
    // The document and its thumbnail, in two boxes; a list keeps a thumbnail with its document.
    expect(await uses()).toEqual([4, 2]);
    await alice.main.change({ _: 'messages.deleteMessages', revoke: true, id: [(await actionsOf(alice, bob))[0]!.msgId] });
    expect(await uses()).toEqual([0, 2]);
    await set(alice, bob, {});
    await set(bob, alice, {});
    expect(await uses()).toEqual([0, 0]);
  });

  it('is the same on all devices of both, whether they are told, catch up, or load everything', async () => {
    await alice.device();
    const bytes = await makePicture(410, 700);
    const file = await upload(alice.main, { bytes, name: 'w.jpg' });
    const { slug } = (await alice.main.call({ _: 'account.uploadWallPaper', file, mimeType: 'image/jpeg', settings: PLAIN })) as tl.RawWallPaper;
    await verifyUpdates([alice, bob], async () => {
      await change(bob, alice, { wallpaper: FILL, settings: GREEN });
      await change(alice, bob, { wallpaper: { _: 'inputWallPaperSlug', slug }, forBoth: true });
    });
    await verifyUpdates([alice, bob], () => change(bob, alice, { revert: true }));
    await verifyUpdates([alice, bob], () => change(alice, bob, {}));
  });

  it('mistakes are named', async () => {
    const fails = async (actor: Actor, peer: tl.TypeInputPeer, request: Request): Promise<string> => (await actor.main.fails({ _: 'messages.setChatWallPaper', peer, ...request })).text;
    const peer = alice.main.inputPeer(bob.id);
    expect(await fails(alice, { _: 'inputPeerSelf' }, { wallpaper: FILL, settings: BLUE })).toBe('PEER_ID_INVALID');
    expect(await fails(alice, peer, { wallpaper: FILL })).toBe('WALLPAPER_INVALID');
    expect(await fails(alice, peer, { wallpaper: FILL, settings: { ...BLUE, rotation: 7, secondBackgroundColor: 1 } })).toBe('WALLPAPER_INVALID');
    expect(await fails(alice, peer, { wallpaper: { _: 'inputWallPaperSlug', slug: 'nothing' } })).toBe('WALLPAPER_INVALID');
    expect(await fails(alice, peer, { id: 1_000_000 })).toBe('WALLPAPER_INVALID');
    expect(await fails(alice, peer, { id: (await alice.sees('hi')).id })).toBe('WALLPAPER_INVALID');
    await alice.main.change({ _: 'contacts.block', id: peer });
    expect(await fails(alice, peer, { wallpaper: FILL, settings: BLUE })).toBe('YOU_BLOCKED_USER');
  });

  it('is not changed by somebody whom the other one has blocked', async () => {
    await bob.main.change({ _: 'contacts.block', id: bob.main.inputPeer(alice.id) });
    await set(alice, bob, { wallpaper: FILL, settings: BLUE, forBoth: true });
    expect(await colorOf(alice, bob)).toBe(0x20_40_80);
    expect((await shown(bob, alice)).wallpaper).toBeUndefined();
    expect(await actionsOf(bob, alice)).toEqual([]);
  });
});
