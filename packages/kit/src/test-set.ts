import type { TestBot } from './bots/test-bot.ts';
import { KitError } from './kit-error.ts';
import type { Person, Surroundings } from './people/person.ts';

/** The people, bots and names of one test, which do not see those of others. */
export class TestSet implements Surroundings {
  readonly id: string;
  /** Whether the limits of an ordinary server hold for its people and bots. */
  readonly hasLimits: boolean;
  readonly isForeign: (peerId: bigint) => boolean;
  readonly #people = new Map<bigint, Person>();
  readonly #bots = new Map<bigint, TestBot>();
  readonly #chats = new Map<bigint, Person>();
  readonly #peopleIds = new Set<bigint>();
  readonly #botIds = new Set<bigint>();
  readonly #making = new Set<Promise<unknown>>();
  #isEnding = false;

  /** @param isForeign whether a peer belongs to another set, by its marked id */
  constructor(id: string, hasLimits: boolean, isForeign: (peerId: bigint) => boolean) {
    this.id = id;
    this.hasLimits = hasLimits;
    this.isForeign = isForeign;
  }

  /** The ids of its people. */
  get people(): ReadonlySet<bigint> {
    return this.#peopleIds;
  }

  /** The ids of its bots. */
  get bots(): ReadonlySet<bigint> {
    return this.#botIds;
  }

  /** Whether a person, bot, group or channel belongs to it. @param peerId marked id */
  owns(peerId: bigint): boolean {
    return this.#peopleIds.has(peerId) || this.#botIds.has(peerId) || this.#chats.has(peerId);
  }

  /** @throws KitError `invalid` when the set is over */
  checkOpen(): void {
    if (this.#isEnding) throw new KitError('invalid', `The set ${this.id} is over`);
  }

  /** Makes somebody or something that the set is to have. The end of the set waits for it. @throws KitError `invalid` when the set is over */
  async make<T>(make: () => Promise<T>): Promise<T> {
    this.checkOpen();
    const making = make();
    this.#making.add(making);
    try {
      return await making;
    } finally {
      this.#making.delete(making);
    }
  }

  /** Lets nobody in any more, and waits until all are in who are being made. */
  async close(): Promise<void> {
    this.#isEnding = true;
    await this.settled();
  }

  /** Waits for what is being made. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#making);
  }

  addPerson(person: Person): void {
    this.#people.set(person.id, person);
    this.#peopleIds.add(person.id);
  }

  addBot(bot: TestBot): void {
    this.#bots.set(bot.id, bot);
    this.#botIds.add(bot.id);
  }

  addChat(peerId: bigint, creator: Person): void {
    this.#chats.set(peerId, creator);
  }

  removeBot(id: bigint): void {
    this.#bots.delete(id);
    this.#botIds.delete(id);
  }

  /** @param id decimal @throws KitError `invalid` when the set has no such person */
  person(id: string): Person {
    this.checkOpen();
    const found = this.#people.get(idOf(id));
    if (found === undefined) throw new KitError('invalid', `There is no person ${id} in this set`);
    return found;
  }

  /** @param id decimal @throws KitError `invalid` when the set has no such bot */
  bot(id: string): TestBot {
    this.checkOpen();
    const found = this.#bots.get(idOf(id));
    if (found === undefined) throw new KitError('invalid', `There is no bot ${id} in this set`);
    return found;
  }

  nameOf(id: bigint): string | undefined {
    const bot = this.#bots.get(id);
    return bot === undefined ? this.#people.get(id)?.name : `@${bot.username}`;
  }

  /** @returns everything that it has had, which is no longer in it */
  empty(): { people: Person[]; bots: TestBot[]; chats: [peerId: bigint, creator: Person][] } {
    const had = { people: [...this.#people.values()], bots: [...this.#bots.values()], chats: [...this.#chats] };
    for (const all of [this.#people, this.#bots, this.#chats, this.#peopleIds, this.#botIds]) all.clear();
    return had;
  }
}

/** The number that a text names; one that nobody has if it names none. */
function idOf(text: string): bigint {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : 0n;
}
