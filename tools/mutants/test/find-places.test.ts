import { describe, expect, test } from 'vitest';
import { findPlaces } from '../find-places.ts';

const find = (source: string): string[] => findPlaces('a.ts', source).places.map(({ key }) => key);
const switched = (source: string): string => findPlaces('a.ts', source).write(5).split('return place; })()); ')[1]!;

describe('places of mutations', () => {
  test('an event whose pts are used is replaced by the pts of the box', () => {
    expect(switched('const pts = boxes.addUpdate(owner, 1, make);')).toBe('const pts = (__place(5) ? boxes.pts(owner) : boxes.addUpdate(owner, 1, make));');
    expect(switched('boxes.addLoose(owner, [a]);')).toBe('(__place(5) ? undefined : boxes.addLoose(owner, [a]));');
  });

  test('a message that is used later is not left out', () => {
    expect(find('const row = boxes.addMessage(owner, message);')).toEqual([]);
    expect(find('boxes.addMessage(owner, message);')).toHaveLength(1);
  });

  test('flush, publish, steps of counters, and the same text twice', () => {
    expect(find('boxes.flush(x); tx.afterCommit(() => boxes.publish(bus)); counter.pts++; counter.pts++; local++; socket.flush();')).toEqual([
      'flush a.ts: boxes.flush(x)', 'publish a.ts: boxes.publish(bus)', 'counter a.ts: counter.pts++', 'counter a.ts: counter.pts++ (2)',
    ]);
  });

  test('a step in SQL adds nothing, and counts as run where its statement is used', () => {
    const source = "const add = define('UPDATE dialogs d SET msg_count = d.msg_count + $1'); function run() { tx.run(add); }";
    expect(switched(source)).toBe(
      "const add = define('UPDATE dialogs d SET msg_count = d.msg_count + ' + (__place.is(5) ? '0 * ' : '') + '$1'); function run() { __place.hit(5); tx.run(add); }",
    );
  });
});
