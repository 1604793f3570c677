// Builds, per older layer, the table by which its writer finds a function for each constructor.
import { METHODS, NEWEST_WRITERS, NOT_REPRESENTABLE, type tl, type TlWriter, type WriterEntry, type WriterTable } from '@aerogram/tl';
import { LOWERINGS } from './converters/lowerings.ts';
import { REPLACEMENTS } from './converters/replacements.ts';
import { CONSTRUCTORS, type Step } from './generated/layers.ts';
import { OLD_WRITERS } from './generated/old-writers.ts';

type Boxed = { readonly _: string };
type Convert = (o: never) => Boxed | undefined;

const oldWriters = new Map(OLD_WRITERS);
const lowerings = new Map<string, Convert>(Object.entries(LOWERINGS));
const replacements = new Map<string, Convert>(Object.entries(REPLACEMENTS));

/** An entry that writes what a converter makes of the object. The id 0 that is written first is taken back by `instead`. */
function converted(convert: Convert): WriterEntry {
  return {
    id: 0,
    write: (w: TlWriter, o: never) => {
      const other = convert(o);
      if (other === undefined) throw NOT_REPRESENTABLE;
      w.instead(other);
    },
  };
}

/** A single update that the layer lacks leaves an empty container: the client still learns that something came. */
const guardedUpdateShort = (plain: WriterEntry): WriterEntry => ({
  id: 0,
  write: (w: TlWriter, o: tl.updateShort) => {
    w.pos -= 4;
    const start = w.pos;
    w.int(plain.id);
    if (w.attempt(o.update)) w.int(o.date);
    else {
      const empty: tl.updates = { _: 'updates', updates: [], users: [], chats: [], date: o.date, seq: 0 };
      w.pos = start;
      w.boxed(empty);
    }
  },
});

/** The rule of an older layer among steps, which go from newer layers to older ones. */
export function ruleAt(layer: number, steps: readonly Step[]): string {
  return steps.findLast(([from]) => layer <= from)?.[1] ?? 'newest';
}

/**
 * The table of one older layer. What it lacks and nothing replaces is not in it: a lossy writer leaves that out. Types
 * that the layer does not know at all are there in their newest form, with the layer's forms inside: a client that calls
 * a method of a newer layer expects them so.
 */
export function buildLayerWriters(layer: number): WriterTable {
  const table = new Map(NEWEST_WRITERS);
  for (const method of Object.keys(METHODS)) table.delete(method);
  for (const [key, entry] of oldWriters) table.set(key, entry);
  for (const [name, steps] of Object.entries(CONSTRUCTORS)) {
    const rule = ruleAt(layer, steps);
    const form = oldWriters.get(rule);
    const convert = form ? lowerings.get(rule) : replacements.get(name);
    if (rule === 'newest') continue;
    if (rule === 'drop') table.delete(name);
    else if (form && !convert) table.set(name, form);
    else if (form || rule === 'by hand') table.set(name, converted(convert!));
    else table.set(name, table.get(rule)!);
  }
  table.set('updateShort', guardedUpdateShort(table.get('updateShort')!));
  return table;
}
