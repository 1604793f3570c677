import { authTopic, type Bus, type Reach, type ReachAnswer, type ReachQuestion, type WakeHint } from '@aerogram/bus';
import type { Clock, Random } from '@aerogram/runtime';

/** For how long processes are asked whether they have a session of a device, in milliseconds. Whoever has none does not answer. */
const ASK_MS = 300;

/** Asks the processes that have the sessions of devices, over the bus. */
export class ReachQuestions implements Disposable {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #topic: string;
  readonly #waiting = new Map<string, (reach: Reach) => void>();
  readonly #subscription: Disposable;
  #count = 0;

  constructor({ bus, clock, random }: { bus: Bus; clock: Clock; random: Random }) {
    this.#bus = bus;
    this.#clock = clock;
    this.#topic = `reach:${Buffer.from(random.bytes(12)).toString('hex')}`;
    this.#subscription = bus.subscribe(this.#topic, (hint) => {
      const { asked, reach } = hint as ReachAnswer;
      this.#waiting.get(asked)?.(reach);
    });
  }

  /** What has reached a device. One of which nobody has a session is away. */
  ask(authKeyId: bigint): Promise<Reach> {
    const asked = String(++this.#count);
    return new Promise((resolve) => {
      const end = (reach: Reach): void => {
        timer.cancel();
        this.#waiting.delete(asked);
        resolve(reach);
      };
      const timer = this.#clock.setTimeout(() => end('away'), ASK_MS);
      this.#waiting.set(asked, end);
      this.#bus.publish(authTopic(authKeyId), { reason: 'reach', replyTo: this.#topic, asked } satisfies ReachQuestion);
    });
  }

  /** Wakes a session. */
  wake(authKeyId: bigint, sessionId: bigint): void {
    this.#bus.publish(authTopic(authKeyId), { reason: 'wake', sessionId } satisfies WakeHint);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const end of this.#waiting.values()) end('away');
  }
}
