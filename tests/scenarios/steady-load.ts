import { setTimeout as delay } from 'node:timers/promises';
import { type Actor, type Device, findSentId } from '@aerogram/dev-env';
import { type Random, seededRandom } from '@aerogram/runtime';
import { randomLong } from '@mtcute/node/utils.js';

/** A text that was sent, as its sender knows it. */
interface Sent {
  from: Actor;
  /** Marked. */
  peer: number;
  text: string;
  /** Its id at the sender, once it is acknowledged. */
  ackedId: number | undefined;
}

/** Between two sends of a device, in milliseconds. */
const EVERY_MS = 250;

/** People who write to each other, and to chats that all of them are in, from all of their devices. Clients of the library repeat what was not answered, so each send is acknowledged in the end. */
export class SteadyLoad {
  readonly #actors: readonly Actor[];
  readonly #chats: readonly number[];
  /** Of each device, so that what it sends does not depend on when the others send. */
  readonly #randoms: ReadonlyMap<Device, Random>;
  readonly #sent: Sent[] = [];
  /** Told of each answer. */
  readonly #waiting = new Set<() => void>();
  #lanes: Promise<void>[] = [];
  #isOver = true;
  #failure: Error | undefined;
  #acked = 0;
  /** How long the slowest send of this load took so far, in milliseconds. */
  slowestMs = 0;

  /** @param chats marked ids @param seed for whom each device writes to */
  constructor(actors: readonly Actor[], chats: readonly number[], seed: number) {
    this.#actors = actors;
    this.#chats = chats;
    this.#randoms = new Map(actors.flatMap(({ devices }) => devices).map((device, at) => [device, seededRandom(seed + at)]));
  }

  /** How many were sent in all. */
  get size(): number {
    return this.#sent.length;
  }

  /** Begins to send, and measures anew how long that takes. */
  start(): void {
    this.slowestMs = 0;
    this.#isOver = false;
    this.#lanes = this.#actors.flatMap((actor) => actor.devices.map((device) => this.#write(actor, device)));
  }

  /** Waits until so many more sends were acknowledged. @throws what a send failed with */
  async acknowledges(count: number): Promise<void> {
    const goal = this.#acked + count;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (this.#failure === undefined && this.#acked < goal) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Sends no more; returns when all is acknowledged. @throws what a send failed with */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Reads all histories at both sides. @throws with what is not there exactly once, or at its sender under another id */
  async check(): Promise<void> {
    const broken: string[] = [];
    for (const reader of this.#actors) {
      for (const peer of [...this.#actors.filter((other) => other !== reader).map(({ id }) => id), ...this.#chats]) {
        const found = new Map<string, number[]>();
        for (const { text, id } of await reader.main.loadHistory(peer)) found.set(text, [...(found.get(text) ?? []), id]);
        const expected = this.#sent.filter((sent) => (peer < 0 ? sent.peer === peer : (sent.from === reader && sent.peer === peer) || (sent.from.id === peer && sent.peer === reader.id)));
        for (const { from, text, ackedId } of expected) {
          const ids = found.get(text) ?? [];
          if (ids.length !== 1 || (from === reader && ids[0] !== ackedId)) broken.push(`"${text}", acknowledged as ${ackedId}, has the ids [${ids.join()}] in ${peer} of ${reader.name}`);
        }
      }
    }
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken:\n${broken.slice(0, 20).join('\n')}`);
  }

  async #write(from: Actor, device: Device): Promise<void> {
    const random = this.#randoms.get(device)!;
    const peers = [...this.#actors.filter((other) => other !== from).map(({ id }) => id), ...this.#chats];
    while (!this.#isOver && this.#failure === undefined) {
      const sent: Sent = { from, peer: peers[random.uint31() % peers.length]!, text: `text ${this.#sent.length}`, ackedId: undefined };
      this.#sent.push(sent);
      const atMs = performance.now();
      try {
        const answer = await device.change({ _: 'messages.sendMessage', peer: device.inputPeer(sent.peer), message: sent.text, randomId: randomLong() });
        sent.ackedId = findSentId(answer);
      } catch (error) {
        this.#failure ??= new Error(`"${sent.text}" of ${from.name} failed: ${String(error)}`, { cause: error });
      }
      this.slowestMs = Math.max(this.slowestMs, performance.now() - atMs);
      this.#acked++;
      for (const check of this.#waiting) check();
      // A steady load has a rate.
      await delay(EVERY_MS);
    }
  }
}
