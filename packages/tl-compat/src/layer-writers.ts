// Builds the writer table of each older layer.
import { METHODS, NEWEST_WRITERS, NOT_REPRESENTABLE, type tl, type TlWriter, type WriterEntry, type WriterTable } from '@aerogram/tl';
import { LOWERINGS } from './converters/lowerings.ts';
import { REPLACEMENTS } from './converters/replacements.ts';
import { CONSTRUCTORS, GONE, type Step } from './generated/layers.ts';
import { OLD_WRITERS } from './generated/old-writers.ts';

type Boxed = { readonly _: string };
type Convert = (o: never) => Boxed | undefined;

const oldWriters = new Map(OLD_WRITERS);
const lowerings = new Map<string, Convert>(Object.entries(LOWERINGS));
const replacements = new Map<string, Convert>(Object.entries(REPLACEMENTS));

/** Creates an entry that writes the result of a converter. `instead` removes the id 0 that was written first. */
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

/** If the layer does not have the single update, an empty container is sent, so that the client learns that something happened. */
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

/** Returns the rule for an older layer from steps that go from newer to older layers. */
export function ruleAt(layer: number, steps: readonly Step[]): string {
  return steps.findLast(([from]) => layer <= from)?.[1] ?? 'newest';
}

/**
 * Builds the table of one older layer. Constructors that it does not have and that have no replacement are missing, so a lossy writer
 * leaves them out. Types that the layer does not have at all are written in their newest form, with the layer's forms inside, because a
 * client that calls a method of a newer layer expects that.
 */
export function buildLayerWriters(layer: number): WriterTable {
  const table = new Map(NEWEST_WRITERS);
  for (const method of Object.keys(METHODS)) table.delete(method);
  for (const [key, entry] of oldWriters) table.set(key, entry);
  for (const [key, steps] of Object.entries(GONE)) {
    const rule = ruleAt(layer, steps);
    if (rule === 'drop') table.delete(key);
    else if (rule !== 'newest') table.set(key, oldWriters.get(rule)!);
  }
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
