import type { HasChat } from './chat.ts';

/** A group, a supergroup or a channel that a person has made. It is a chat for all functions that take one. */
export class Group implements HasChat {
  /** Its id as the Bot API writes it, such as `-1001234`. */
  readonly id: string;
  readonly chat: string;
  readonly title: string;

  /** Made by `person.createGroup` and `person.createChannel`. */
  constructor(chat: string, title: string) {
    this.id = chat;
    this.chat = chat;
    this.title = title;
  }
}
