import { type Combinator, loadSchema, plainValue } from './random-schema.ts';

/** A field of a request to which a value is given; the rest of the request is as plausible as possible. */
export interface FieldPlace {
  /** For example `entities.messageEntityMentionName.user_id`. */
  path: string;
  /** The same without constructors, as limits are declared: `entities.user_id`. */
  fieldPath: string;
  /** TL type of the value; for a vector the type of its single item. */
  type: string;
  make: (value: unknown) => { _: string };
}

/**
 * Values of other fields, so that requests pass the first checks: by the name of a required field, or of a field of one constructor, such
 * as `inputReplyToMessage.quote_text`. They get the TL type of the field; undefined keeps the default value.
 */
export type Plausible = Readonly<Record<string, (type: string) => unknown>>;

/** A constructor that can occur in a request, and the path to it. */
interface Reached {
  combinator: Combinator;
  path: string;
  fieldPath: string;
  put: (object: { _: string }) => { _: string };
}

/**
 * Lists the fields of a method's request at any depth: those of every reachable constructor. A constructor is visited once per field of
 * each constructor that can contain it, below each field of the request.
 */
export class FieldPlaces {
  readonly #schema = loadSchema();
  readonly #plausible: Plausible;

  constructor(plausible: Plausible) {
    this.#plausible = plausible;
  }

  /** @param isWanted gets the name of a field and the type of its value */
  of(method: string, isWanted: (name: string, type: string) => boolean): FieldPlace[] {
    const places: FieldPlace[] = [];
    const root = this.#schema.methods.get(method)!;
    const reached: Reached[] = [{ combinator: root, path: '', fieldPath: '', put: (object) => object }];
    const edges = new Set<string>();
    // Grows during the iteration: breadth first, so each place is found by its shortest path.
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

  /** @param present the flag whose optional fields are present */
  #plain(combinator: Combinator, present?: string): { _: string } {
    const object: Record<string, unknown> & { _: string } = { _: combinator.name };
    for (const { name, type, flag } of combinator.fields) {
      const optional = flag !== undefined && flag !== present;
      const known = this.#plausible[`${combinator.name}.${name}`] ?? (optional ? undefined : this.#plausible[name]);
      const value = known?.(type) ?? (optional ? undefined : plainValue(this.#schema, type, (child) => this.#plain(child)));
      if (value !== undefined) object[name] = value;
    }
    return object;
  }
}
