import { type Combinator, loadSchema, plainValue } from './random-schema.ts';

/** A request that names a peer in one place; the rest is as simple as possible. */
export interface PeerPlace {
  /** For example `reply_to.inputReplyToMessage.reply_to_peer_id`. */
  path: string;
  /** The TL type at that place. */
  type: 'InputPeer' | 'InputUser' | 'InputChannel';
  make: (reference: object) => { _: string };
}

const NAMING = new Set(['InputPeer', 'InputUser', 'InputChannel']);
/** Maximum depth of nested constructors. */
const MAX_DEPTH = 3;
/** In a keyboard: the keyboard, its row, the button, and what it does. */
const MAX_DEPTH_IN_KEYBOARD = 4;

/** Finds every place of a method's request in which a user, group or channel can be named, at any depth. */
export class PeerPlaces {
  readonly #schema = loadSchema();

  of(method: string): PeerPlace[] {
    return this.#find(this.#schema.methods.get(method)!, [], '');
  }

  #find(combinator: Combinator, within: readonly string[], path: string): PeerPlace[] {
    return combinator.fields.flatMap(({ name, type }) => {
      const inner = /^[Vv]ector<(.*)>$/.exec(type)?.[1];
      const put = (value: unknown): { _: string } => ({ ...this.#plain(combinator), [name]: inner === undefined ? value : [value] });
      return this.#findInType(inner ?? type, within, `${path}${name}`).map((place) => ({ ...place, make: (reference: object) => put(place.make(reference)) }));
    });
  }

  #findInType(type: string, within: readonly string[], path: string): PeerPlace[] {
    if (NAMING.has(type)) return [{ path, type: type as PeerPlace['type'], make: (reference) => reference as { _: string } }];
    if (within.length >= (within[0] === 'ReplyMarkup' ? MAX_DEPTH_IN_KEYBOARD : MAX_DEPTH) || within.includes(type)) return [];
    return (this.#schema.byType.get(type) ?? []).flatMap((one) => this.#find(one, [...within, type], `${path}.${one.name}.`));
  }

  #plain(combinator: Combinator): { _: string } {
    const fields = combinator.fields.filter(({ optional }) => !optional).map(({ name, type }) => [name, plainValue(this.#schema, type, (child) => this.#plain(child))] as const);
    return { _: combinator.name, ...Object.fromEntries(fields) };
  }
}
