import type { tl } from '@aerogram/tl';
import type { CrashBot } from './crash-bot.ts';

/** What a toggle changes. */
export interface Toggled {
  name: string;
  /** Who is told of each change. */
  bots: readonly CrashBot[];
  isOn: boolean;
  read(): Promise<boolean>;
  set(isOn: boolean): Promise<void>;
  /** Whether it is on as an update says; undefined if the update is about something else. */
  told(update: tl.Update): boolean | undefined;
}

/** Something that somebody switches on and off without end, such as the block of a bot, and of which bots must be told each time, once and in order. */
export class BotToggle {
  readonly #toggled: Toggled;
  readonly #first: boolean;
  #isOn: boolean;
  /** Whether the answer to the last change is missing. */
  #isOpen = false;
  /** How often it has changed. */
  count = 0;

  constructor(toggled: Toggled) {
    this.#toggled = toggled;
    this.#first = toggled.isOn;
    this.#isOn = toggled.isOn;
  }

  /** Changes it, and waits until all bots were told. */
  async change(): Promise<void> {
    this.#isOpen = true;
    await this.#toggled.set(!this.#isOn);
    this.#isOpen = false;
    this.#isOn = !this.#isOn;
    this.count++;
    for (const bot of this.#toggled.bots) await bot.sees(() => this.#tellings(bot).length >= this.count);
  }

  /** Checks after a crash that an acknowledged change holds, and that the bots were told of each change exactly once. @returns what is wrong, in words */
  async check(): Promise<string[]> {
    const { name, bots, read } = this.#toggled;
    const broken: string[] = [];
    const isOn = await read();
    if (isOn !== this.#isOn && !this.#isOpen) broken.push(`${name} is ${isOn}, the server had acknowledged the opposite`);
    if (isOn !== this.#isOn) this.count++;
    this.#isOn = isOn;
    this.#isOpen = false;
    const wanted = Array.from({ length: this.count }, (_, at) => (at % 2 === 0) !== this.#first).join();
    for (const bot of bots) {
      await bot.sawLately(() => this.#tellings(bot).length >= this.count);
      const told = this.#tellings(bot).join();
      if (told !== wanted) broken.push(`${bot.username} was told of ${name}: [${told}], not [${wanted}]`);
    }
    return broken;
  }

  #tellings(bot: CrashBot): boolean[] {
    return bot.events.flatMap((update) => this.#toggled.told(update) ?? []);
  }
}
