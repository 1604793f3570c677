import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import type { AccountState } from '../state/account-state.ts';
import type { BoxMessage } from '../state/box-message.ts';

/** One action on a device. */
export interface RandomAction {
  request: tl.AnyMethod;
  /** What it sets on both sides of a chat: of two people who do that at once nobody can say who was the last. */
  shares?: string;
  /** Whether the answer says that everything is done; otherwise the request is repeated. */
  isDone?: (answer: unknown) => boolean;
}

/** A peer to write to. */
export interface RandomPeer {
  id: number;
  input: tl.InputPeer;
}

/** Makes an action of one kind; undefined where there is nothing to do it to. */
export type Make = (chance: Chance, state: AccountState, peers: readonly RandomPeer[]) => tl.AnyMethod | RandomAction | undefined;

/** Random choices from one seed. */
export class Chance {
  readonly random: Random;
  readonly #pages: string | undefined;

  /** @param pages how links begin that texts may have */
  constructor(random: Random, pages: string | undefined) {
    this.random = random;
    this.#pages = pages;
  }

  below(n: number): number {
    return this.random.uint31() % n;
  }

  /** True once in `n` times, as a flag of TL is written. */
  flag(n: number): true | undefined {
    return this.below(n) === 0 ? true : undefined;
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(Math.max(items.length, 1))];
  }

  /** One of the newer matching messages. */
  message(state: AccountState, fits: (message: BoxMessage) => boolean): BoxMessage | undefined {
    return this.of([...state.messages.values()].filter(fits).slice(-60));
  }

  /** Such a message, and the chat it is in. */
  messageIn(state: AccountState, peers: readonly RandomPeer[], fits: (message: BoxMessage) => boolean): { message: BoxMessage; peer: RandomPeer } | undefined {
    const message = this.message(state, fits);
    const peer = peers.find((one) => one.id === message?.peer);
    return message && peer && { message, peer };
  }

  /** A text, with emoji, space around it and a link to a page now and then. */
  text(): string {
    const link = this.#pages !== undefined && this.below(8) === 0 ? ` ${this.#pages}${this.below(200)}` : '';
    return `${this.below(10) === 0 ? ' ' : ''}text ${this.below(1_000_000)} ${'\u{1F600}'.repeat(this.below(3))}${link}`;
  }

  /** Entities at the beginning of a text. */
  entities(): tl.MessageEntity[] | undefined {
    return this.of<tl.MessageEntity[] | undefined>([undefined, undefined, [{ _: 'messageEntityBold', offset: 0, length: 4 }], [{ _: 'messageEntityPre', offset: 0, length: 3, language: 'c' }]]);
  }

  /** A day or more from now, in seconds. */
  later(state: AccountState): number {
    return state.date + 86_400 + this.below(1_000_000);
  }

  /** A message that waits for its time, and the chat it is for. */
  scheduled(state: AccountState, peers: readonly RandomPeer[]): { id: number; peer: RandomPeer } | undefined {
    const [, chat, id] = this.of(state.cells.list('scheduled '))?.split(' ') ?? [];
    const peer = peers.find((one) => one.id === Number(chat));
    return peer && { id: Number(id), peer };
  }

  peer(peers: readonly RandomPeer[]): RandomPeer {
    return this.of(peers)!;
  }

  /** Somebody else; no group. */
  other(state: AccountState, peers: readonly RandomPeer[]): RandomPeer {
    return this.of(peers.filter((one) => one.id > 0 && one.id !== state.self))!;
  }
}

/** Not a service message. */
export const isText = ({ raw }: BoxMessage): boolean => raw._ === 'message';
