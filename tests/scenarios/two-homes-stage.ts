import { type Actor, type BoxMessage, type Device, startTestHomes, type TestHomes, type TestServerOptions, verifyUpdates, World } from '@aerogram/dev-env';
import type { Random } from '@aerogram/runtime';
import { expect } from 'vitest';

const EMOJI = ['👍', '🔥', '🎉'];

/** Errors of acts on what another device has deleted, or that change nothing. */
const REFUSALS = new Set(['MESSAGE_ID_INVALID', 'MESSAGE_NOT_MODIFIED', 'REPLY_MESSAGE_ID_INVALID', 'INPUT_REPLY_TO_MESSAGE_ID_INVALID']);

/** Two people who know each other, each at a data centre of their own, with two devices each. */
export interface Pair {
  /** Lives in DC 1. */
  ann: Actor;
  /** Lives in DC 2. */
  ben: Actor;
}

/** Two data centres in this process, for stories of people of both. */
export interface TwoHomesStage extends AsyncDisposable {
  homes: TestHomes;
  /** Two people whom no other test has. */
  startPair(): Promise<Pair>;
  /** Does something, and looks at every device of both when nothing is under way between the data centres any more. */
  plays<T>(pair: Pair, act: () => Promise<T>): Promise<T>;
}

/** Starts both. @param options of both, or by data centre */
export async function openTwoHomes(options?: TestServerOptions | ((dc: 1 | 2) => TestServerOptions)): Promise<TwoHomesStage> {
  const homes = await startTestHomes(options);
  const worlds = [new World(homes.one), new World(homes.two)];
  let numbers = 0;
  return {
    homes,
    async startPair() {
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
    },
    plays: ({ ann, ben }, act) =>
      verifyUpdates([ann, ben], async () => {
        const result = await act();
        await homes.settled();
        return result;
      }),
    async [Symbol.asyncDispose]() {
      for (const world of worlds) await world[Symbol.asyncDispose]();
      await homes[Symbol.asyncDispose]();
    },
  };
}

/** Sets the reactions of a device's user to a message; none takes them back. */
export async function react(device: Device, { peer, id }: BoxMessage, ...emoticons: string[]): Promise<void> {
  await device.change({ _: 'messages.sendReaction', peer: device.inputPeer(peer), msgId: id, reaction: emoticons.map((emoticon) => ({ _: 'reactionEmoji' as const, emoticon })) });
}

/** What a message says, without what is numbered by each data centre for itself. */
interface Described {
  text: string;
  date: number;
  isEdited: boolean;
  answers: string | undefined;
  reactions: string[];
}

function describeMessage(message: BoxMessage, all: ReadonlyMap<number, BoxMessage>): Described {
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
async function describeChat(reader: Actor, other: Actor): Promise<Map<number, { written: Described[]; isReadTo: string | undefined }>> {
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

/** Fails unless both read the same. @returns the texts of each, oldest first */
export async function expectAgreement({ ann, ben }: Pair): Promise<string[][]> {
  const [hers, his] = [await describeChat(ann, ben), await describeChat(ben, ann)];
  for (const { id, name } of [ann, ben]) expect(his.get(id), `what ${name} wrote`).toEqual(hers.get(id));
  return [...hers.values()].map(({ written }) => written.map(({ text }) => text));
}

/** What was acknowledged of random acts: messages by how their texts begin, which no edit changes. */
export interface Acknowledged {
  sent: string[];
  deleted: Set<string>;
}

/** How the text of a message of random acts begins. */
export const headOf = (text: string): string => text.split(',')[0]!;

/**
 * Somebody does something with what a device of theirs has. What the server refuses, because another device was faster, is passed over.
 * @param number of the act: none is given twice
 * @throws what else a client is answered
 */
export async function actAtRandom(actor: Actor, other: Actor, { random, number, acknowledged }: { random: Random; number: number; acknowledged: Acknowledged }): Promise<void> {
  const below = (end: number): number => random.uint31() % end;
  const device = actor.devices[below(2)]!;
  const there = [...device.state.messages.values()].filter((message) => message.peer === other.id);
  const pick = (fits: (message: BoxMessage) => boolean): BoxMessage | undefined => {
    const found = there.filter(fits);
    return found[below(Math.max(found.length, 1))];
  };
  const [own, incoming, any] = [pick(({ out }) => out), pick(({ out }) => !out), pick(() => true)];
  const die = below(20);
  const act = async (): Promise<void> => {
    if (die < 3 && own) return actor.edit(own, `${headOf(own.text)}, edited by ${number}`, device);
    if (die < 5 && any) {
      await actor.delete([any], {}, device);
      return void acknowledged.deleted.add(headOf(any.text));
    }
    if (die < 8 && incoming) return void (await actor.read(incoming, device));
    if (die < 12 && any) return react(device, any, ...EMOJI.filter(() => below(3) === 0).slice(0, 3));
    const text = `${number} by ${actor.name}`;
    await actor.send(other, text, die < 15 && any ? { replyTo: any } : {}, device);
    acknowledged.sent.push(text);
  };
  await act().catch((error: { text?: string }) => {
    if (!REFUSALS.has(error.text ?? '')) throw error;
  });
}
