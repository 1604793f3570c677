import { loadSchema } from './random-schema.ts';

type Schema = ReturnType<typeof loadSchema>;
type Combinator = NonNullable<ReturnType<Schema['methods']['get']>>;

/** A request with an id in one place; everything else in it is as plausible as can be. */
export interface IdPlace {
  /** Such as `entities.messageEntityMentionName.user_id`. */
  path: string;
  make: (id: bigint) => { _: string };
}

/**
 * What requests hold besides the id, so that they get past the first checks: values by the name of a field that must be there, or of a field of
 * one constructor, as `inputReplyToMessage.quote_text`. They are given the TL type of the field; undefined leaves it as it would be.
 */
export type Plausible = Readonly<Record<string, (type: string) => unknown>>;

/** Longs that name nobody: numbers that clients make up or prove something by, and sizes. */
const NO_IDS = new Set(['random_id', 'access_hash', 'hash', 'client_id', 'query_id', 'nonce', 'offset', 'video_max_size', 'video_size_max', 'file_size_max']);
/** A constructor that can stand in a request, and how it gets there. */
interface Reached {
  combinator: Combinator;
  path: string;
  put: (object: { _: string }) => { _: string };
}

/**
 * Lists every place of a method's request in which an id can stand: each field of the type `long` of every constructor that can be reached, at
 * any depth. A constructor is visited once for each field of each constructor that can hold it, below each field of the request.
 */
export class IdPlaces {
  readonly #schema = loadSchema();
  readonly #plausible: Plausible;

  constructor(plausible: Plausible) {
    this.#plausible = plausible;
  }

  of(method: string): IdPlace[] {
    const places: IdPlace[] = [];
    const root = this.#schema.methods.get(method)!;
    const reached: Reached[] = [{ combinator: root, path: '', put: (object) => object }];
    const edges = new Set<string>();
    // Grows while it is gone through: breadth first, so each place is found on its shortest way.
    for (const { combinator, path, put } of reached) {
      for (const { name, type } of combinator.fields) {
        const inner = /^[Vv]ector<(.*)>$/.exec(type)?.[1];
        const fill = (value: unknown): { _: string } => put({ ...this.#plain(combinator), [name]: inner === undefined ? value : [value] });
        if ((inner ?? type) === 'long' && !NO_IDS.has(name)) places.push({ path: `${path}${name}`, make: fill });
        for (const child of this.#schema.byType.get(inner ?? type) ?? []) {
          const top = combinator === root ? name : path.slice(0, path.indexOf('.'));
          const edge = `${top} ${combinator.name}.${name} ${child.name}`;
          if (!edges.has(edge)) reached.push({ combinator: child, path: `${path}${name}.${child.name}.`, put: fill });
          edges.add(edge);
        }
      }
    }
    return places;
  }

  /** A plausible request of this method. */
  plain(method: string): { _: string } {
    return this.#plain(this.#schema.methods.get(method)!);
  }

  #plain(combinator: Combinator): { _: string } {
    const object: Record<string, unknown> & { _: string } = { _: combinator.name };
    for (const { name, type, optional } of combinator.fields) {
      const known = this.#plausible[`${combinator.name}.${name}`] ?? (optional ? undefined : this.#plausible[name]);
      const value = known?.(type) ?? (optional ? undefined : this.#plainValue(type));
      if (value !== undefined) object[name] = value;
    }
    return object;
  }

  #plainValue(type: string): unknown {
    if (/^[Vv]ector</.test(type)) return [];
    switch (type) {
      case 'int': return 1;
      case 'long': return 1n;
      case 'double': return 1;
      case 'string': return 'x';
      case 'Bool': case 'true': return true;
      case 'bytes': return new Uint8Array();
      case 'int128': return new Uint8Array(16);
      case 'int256': return new Uint8Array(32);
      case 'InputPeer': return { _: 'inputPeerSelf' };
      case 'InputUser': return { _: 'inputUserSelf' };
      default: return this.#plain(this.#schema.byType.get(type)!.reduce((a, b) => (b.fields.length < a.fields.length ? b : a)));
    }
  }
}
