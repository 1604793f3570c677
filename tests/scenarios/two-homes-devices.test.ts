import { type Actor, type BoxMessage, type Device, startTestHomes, type TestHomes, verifyUpdates, World } from '@aerogram/dev-env';
import { Long } from '@mtcute/node';
import { type Random, seededRandom } from '@aerogram/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

/** `HOMES_SEED=… npx vitest run --project scenario tests/scenarios/two-homes-devices.test.ts` */
const SEED = Number(process.env['HOMES_SEED'] ?? 20_261_128);
/** Rounds of random acts; the link is cut in every second one. */
const ROUNDS = 4;
const ROUND_ACTS = 18;
const EMOJI = ['👍', '🔥', '🎉'];

/** Errors of acts on what another device has deleted, or that change nothing. */
const REFUSALS = new Set(['MESSAGE_ID_INVALID', 'MESSAGE_NOT_MODIFIED', 'REPLY_MESSAGE_ID_INVALID', 'INPUT_REPLY_TO_MESSAGE_ID_INVALID']);

let homes: TestHomes;
let worlds: World[];
let numbers = 0;
beforeAll(async () => {
  homes = await startTestHomes();
  worlds = [new World(homes.one), new World(homes.two)];
});
afterEach(() => homes.mend());
afterAll(async () => {
  for (const world of worlds ?? []) await world[Symbol.asyncDispose]();
  await homes?.[Symbol.asyncDispose]();
});

interface Pair {
  /** Lives in DC 1. */
  ann: Actor;
  /** Lives in DC 2. */
  ben: Actor;
}

/** Two people in two data centres with two devices each, who know each other. */
async function startPair(): Promise<Pair> {
  const people: Actor[] = [];
  for (const [at, name] of ['Ann', 'Ben'].entries()) {
    const x = numbers % 10;
    const actor = await worlds[at]!.user(name, {}, { phone: `99966${x}${String(3000 + numbers++)}`, code: String(x).repeat(5) });
    await actor.device();
    people.push(actor);
  }
  const [ann, ben] = people as [Actor, Actor];
  await homes.settled();
  await ann.meet(ben);
  await ben.meet(ann);
  await ann.meet(ben, ann.devices[1]);
  await ben.meet(ann, ben.devices[1]);
  await homes.settled();
  return { ann, ben };
}

/** Does something, and looks at every device of both when nothing is under way between the data centres any more. */
async function plays<T>({ ann, ben }: Pair, act: () => Promise<T>): Promise<T> {
  return verifyUpdates([ann, ben], async () => {
    const result = await act();
    await homes.settled();
    return result;
  });
}

async function react(device: Device, { peer, id }: BoxMessage, ...emoticons: string[]): Promise<void> {
  await device.change({ _: 'messages.sendReaction', peer: device.inputPeer(peer), msgId: id, reaction: emoticons.map((emoticon) => ({ _: 'reactionEmoji' as const, emoticon })) });
}

async function setBlocked(device: Device, { id }: Actor, blocked: boolean): Promise<void> {
  await device.call({ _: blocked ? 'contacts.block' : 'contacts.unblock', id: device.inputPeer(id) });
}

/** What a message says, without what is numbered by each data centre for itself. */
function describeMessage(message: BoxMessage, all: ReadonlyMap<number, BoxMessage>): object {
  const given = message.raw.reactions?.recent_reactions ?? [];
  return {
    text: message.text,
    date: message.date,
    isEdited: message.edit_date !== undefined,
    // What is answered may be gone; then, a copy that comes later does not name it.
    answers: all.get(message.reply_to ?? 0)?.text,
    reactions: given.map(({ peer_id, reaction }) => `${String((peer_id as { user_id: bigint }).user_id)} ${(reaction as { emoticon: string }).emoticon}`).sort(),
  };
}

/** A chat as one of its two people reads it: what each of them wrote, oldest first, and up to where the other has read it. */
async function describeChat(reader: Actor, other: Actor): Promise<Map<number, { written: object[]; isReadTo: string | undefined }>> {
  const history = (await reader.main.loadHistory(other.id)).toReversed();
  const all = new Map(history.map((message) => [message.id, message]));
  const { dialogs } = await reader.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: reader.main.inputPeer(other.id) }] });
  const [dialog] = dialogs;
  if (dialog?._ !== 'dialog') throw new Error('no dialog');
  return new Map([reader, other].map(({ id }) => {
    const own = history.filter((message) => message.from === id);
    const readMaxId = id === reader.id ? dialog.readOutboxMaxId : dialog.readInboxMaxId;
    return [id, { written: own.map((message) => describeMessage(message, all)), isReadTo: own.findLast((message) => message.id <= readMaxId)?.text }];
  }));
}

/** Fails unless both read the same. @returns how many messages there are */
async function expectAgreement({ ann, ben }: Pair): Promise<number> {
  const [hers, his] = [await describeChat(ann, ben), await describeChat(ben, ann)];
  for (const { id, name } of [ann, ben]) expect(his.get(id), `what ${name} wrote`).toEqual(hers.get(id));
  return [...hers.values()].reduce((sum, { written }) => sum + written.length, 0);
}

test('all devices of two people in two data centres see what both do', async () => {
  const pair = await startPair();
  const { ann, ben } = pair;
  const [, annsTablet] = ann.devices as [Device, Device];
  const [, bensTablet] = ben.devices as [Device, Device];

  const asked = await plays(pair, async () => {
    await ann.send(ben, 'a question');
    return ben.sees('a question');
  });
  const answer = await plays(pair, async () => {
    const sent = await ben.send(ann, 'an answer', { replyTo: asked }, bensTablet);
    await ann.sees('an answer');
    return sent;
  });
  await plays(pair, async () => {
    await ben.edit(await ben.main.sees('an answer'), 'a better answer');
    await ann.sees('a better answer');
  });
  await plays(pair, async () => {
    const found = await annsTablet.sees('a better answer');
    await react(annsTablet, found, '👍');
    await bensTablet.seesUpdate('updateMessageReactions', (update) => update.msgId === answer.id);
    await ann.read(found, annsTablet);
    await bensTablet.seesUpdate('updateReadHistoryOutbox', (update) => update.maxId === answer.id);
  });
  expect(await expectAgreement(pair)).toBe(2);

  await plays(pair, async () => {
    await ann.send(ben, 'a mistake', {}, annsTablet);
    await ben.sees('a mistake');
    await ann.delete([await ann.main.sees('a mistake')]);
    await ben.seesGone('a mistake');
  });
  expect(await expectAgreement(pair)).toBe(2);
});

test('what both do while the link is cut arrives when it is mended', async () => {
  const pair = await startPair();
  const { ann, ben } = pair;
  await plays(pair, async () => {
    for (const text of ['one', 'two', 'three']) await ann.send(ben, text);
    await ben.send(ann, 'four');
    await ann.sees('four');
    await ben.sees('three');
  });
  await plays(pair, async () => {
    await homes.cut();
    await ann.send(ben, 'five', { replyTo: await ann.main.sees('four') });
    await ann.edit(await ann.main.sees('one'), 'one, changed');
    await ann.delete([await ann.main.sees('two')], {}, ann.devices[1]);
    await ben.send(ann, 'six', { replyTo: await ben.main.sees('two') }, ben.devices[1]);
    await ben.read(await ben.main.sees('three'));
    await react(ben.main, await ben.main.sees('one'), '🔥');
    await react(ben.main, await ben.main.sees('two'), '🎉');
    expect([ben.main.find('five'), ann.main.find('six')]).toEqual([undefined, undefined]);
    await homes.mend();
    await Promise.all([ben.sees('five'), ben.sees('one, changed'), ben.seesGone('two'), ann.sees('six')]);
  });
  expect(await expectAgreement(pair)).toBe(5);
});

test('a block withholds what is sent meanwhile, and is shown by all devices of who blocked', async () => {
  const pair = await startPair();
  const { ann, ben } = pair;
  await plays(pair, async () => {
    await ann.send(ben, 'before');
    await ben.sees('before');
  });
  await plays(pair, async () => {
    await setBlocked(ben.main, ann, true);
    await ben.devices[1]!.seesUpdate('updatePeerBlocked', (update) => update.blocked === true);
  });
  await plays(pair, async () => {
    await ann.send(ben, 'unheard', {}, ann.devices[1]);
    await homes.cut();
    await ann.send(ben, 'unheard, too');
    await homes.mend();
  });
  expect(await ben.main.fails({ _: 'messages.sendMessage', peer: ben.main.inputPeer(ann.id), message: 'no', randomId: Long.fromInt(5) })).toMatchObject({ code: 400, text: 'YOU_BLOCKED_USER' });
  await plays(pair, async () => {
    await setBlocked(ben.devices[1]!, ann, false);
    // Until her home hears of it, what she sends stays with her.
    await homes.settled();
    await ann.send(ben, 'after');
    await ben.sees('after');
  });
  const texts = (await ben.main.loadHistory(ann.id)).map(({ text }) => text);
  expect(texts).toEqual(['after', 'before']);
  await plays(pair, () => ann.delete([ann.main.find('unheard')!, ann.main.find('unheard, too')!]));
  expect(await expectAgreement(pair)).toBe(2);
});

/** One of them does something with what a device of theirs has. @throws what a client is answered */
async function actAtRandom({ ann, ben }: Pair, random: Random, number: number): Promise<void> {
  const below = (end: number): number => random.uint31() % end;
  const [actor, other] = below(2) === 0 ? [ann, ben] : [ben, ann];
  const device = actor.devices[below(2)]!;
  const there = [...device.state.messages.values()].filter((message) => message.peer === other.id);
  const pick = (fits: (message: BoxMessage) => boolean): BoxMessage | undefined => {
    const found = there.filter(fits);
    return found[below(Math.max(found.length, 1))];
  };
  const [own, incoming, any] = [pick(({ out }) => out), pick(({ out }) => !out), pick(() => true)];
  const die = below(20);
  const text = `${number} by ${actor.name}`;
  if (die < 3 && own) await actor.edit(own, `${text}, edited`, device);
  else if (die < 5 && any) await actor.delete([any], {}, device);
  else if (die < 8 && incoming) await actor.read(incoming, device);
  else if (die < 12 && any) await react(device, any, ...EMOJI.filter(() => below(3) === 0).slice(0, 3));
  else await actor.send(other, text, die < 15 && any ? { replyTo: any } : {}, device);
}

test(`random acts of all devices end in the same chat (HOMES_SEED=${SEED})`, async () => {
  const pair = await startPair();
  const random = seededRandom(SEED);
  let number = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await plays(pair, async () => {
      if (round % 2 === 1) await homes.cut();
      for (let i = 0; i < ROUND_ACTS; i++) {
        await actAtRandom(pair, random, number++).catch((error: { text?: string }) => {
          if (!REFUSALS.has(error.text ?? '')) throw error;
        });
      }
      if (round % 2 === 1) await homes.mend();
    });
    expect(await expectAgreement(pair)).toBeGreaterThan(0);
  }
});
