import type { Serving } from '@aerogram/dev-env';

import type { MadeBot } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';

/** An update as tests look at it. */
export interface BotUpdate {
  update_id: number;
  message?: { text?: string; new_chat_members?: unknown[]; [field: string]: unknown };
  callback_query?: { id: string; data: string };
  [name: string]: unknown;
}

/** A bot over HTTP that asks for its updates. */
export class PollingBot extends CheckedBot {
  readonly made: MadeBot;
  /** The id after the last update that was seen. */
  offset = 0;

  constructor(server: Serving, made: MadeBot) {
    super(server, made.token);
    this.made = made;
  }

  /** Fetches updates without confirming any. */
  fetch(params: Record<string, unknown> = {}): Promise<BotUpdate[]> {
    return this.call<BotUpdate[]>('getUpdates', params);
  }

  /** Fetches and confirms updates, until one of them is what was waited for. @returns all of them */
  async until(found: (update: BotUpdate) => boolean): Promise<BotUpdate[]> {
    const seen: BotUpdate[] = [];
    while (!seen.some(found)) {
      const updates = await this.fetch({ offset: this.offset, timeout: 20 });
      if (updates.length === 0) throw new Error(`waited in vain; seen: ${JSON.stringify(seen)}`);
      seen.push(...updates);
      this.offset = updates.at(-1)!.update_id + 1;
    }
    return seen;
  }

  /** Fetches and confirms updates until one has this text. @returns the texts of all */
  async untilText(text: string): Promise<(string | undefined)[]> {
    return textsOf(await this.until(({ message }) => message?.text === text));
  }
}

/** The texts of the messages that updates bring. */
export const textsOf = (updates: readonly BotUpdate[]): (string | undefined)[] => updates.flatMap(({ message }) => (message === undefined ? [] : [message.text]));
