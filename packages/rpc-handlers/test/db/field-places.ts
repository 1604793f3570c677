import { loadSchema } from './random-schema.ts';

type Schema = ReturnType<typeof loadSchema>;
type Combinator = NonNullable<ReturnType<Schema['methods']['get']>>;

/** A field of a request that is given a value; everything else in the request is as plausible as can be. */
export interface FieldPlace {
  /** Such as `entities.messageEntityMentionName.user_id`. */
  path: string;
  /** The same without the constructors, as limits are declared: `entities.user_id`. */
  fieldPath: string;
  /** TL type of the value; of a vector that of its items, of which it has one. */
  type: string;
  make: (value: unknown) => { _: string };
}

/**
 * What requests hold besides the value, so that they get past the first checks: values by the name of a field that must be there, or of a field of
 * one constructor, as `inputReplyToMessage.quote_text`. They are given the TL type of the field; undefined leaves it as it would be.
 */
export type Plausible = Readonly<Record<string, (type: string) => unknown>>;

/** A constructor that can stand in a request, and how it gets there. */
interface Reached {
  combinator: Combinator;
  path: string;
  fieldPath: string;
  put: (object: { _: string }) => { _: string };
}

/**
 * Lists the fields of a method's request, at any depth: those of every constructor that can be reached. A constructor is visited once for each
 * field of each constructor that can hold it, below each field of the request.
 */
export class FieldPlaces {
  readonly #schema = loadSchema();
  readonly #plausible: Plausible;

  constructor(plausible: Plausible) {
    this.#plausible = plausible;
  }

  /** @param isWanted is given the name of a field and the type of its value */
  of(method: string, isWanted: (name: string, type: string) => boolean): FieldPlace[] {
    const places: FieldPlace[] = [];
    const root = this.#schema.methods.get(method)!;
    const reached: Reached[] = [{ combinator: root, path: '', fieldPath: '', put: (object) => object }];
    const edges = new Set<string>();
    // Grows while it is gone through: breadth first, so each place is found on its shortest way.
    for (const { combinator, path, fieldPath, put } of reached) {
      for (const { name, type, flag } of combinator.fields) {
        const inner = /^[Vv]ector<(.*)>$/.exec(type)?.[1];
        const make = (value: unknown): { _: string } => put({ ...this.#plain(combinator, flag), [name]: inner === undefined ? value : [value] });
        if (isWanted(name, inner ?? type)) places.push({ path: `${path}${name}`, fieldPath: `${fieldPath}${name}`, type: inner ?? type, make });
        for (const child of this.#schema.byType.get(inner ?? type) ?? []) {
          const top = combinator === root ? name : path.slice(0, path.indexOf('.'));
          const edge = `${top} ${combinator.name}.${name} ${child.name}`;
          if (!edges.has(edge)) reached.push({ combinator: child, path: `${path}${name}.${child.name}.`, fieldPath: `${fieldPath}${name}.`, put: make });
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

  /** @param present the flag of the optional fields that are there */
  #plain(combinator: Combinator, present?: string): { _: string } {
    const object: Record<string, unknown> & { _: string } = { _: combinator.name };
    for (const { name, type, flag } of combinator.fields) {
      const optional = flag !== undefined && flag !== present;
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
