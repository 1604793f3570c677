import { describe, expect, test } from 'vitest';
import type { ClusterView } from '../src/nodes/node-store.ts';
import { judgePrimary } from '../src/nodes/note-timeline.ts';
import { PrimaryWatch } from '../src/nodes/primary-watch.ts';

/** What a renewal reads from a server with this timeline, if the row says that. */
function view(timeline: string, noted: Partial<NonNullable<ClusterView['noted']>> | undefined, isSynchronous = false): ClusterView {
  const row = noted && { timeline, isSynchronous, epochTimeline: '', ...noted };
  return { generation: 1, barrier: 0, databaseMs: 0, nodes: [], timeline, isSynchronous, noted: row };
}

describe('a primary that has answered', () => {
  test.each<[string, string, ClusterView]>([
    ['is noted as the first', 'first', view('00000005', { timeline: '' })],
    ['is known', 'none', view('00000005', {})],
    ['is one of a schema without the columns', 'none', view('00000005', undefined)],
    ['has got a synchronous standby', 'changed', view('00000005', { isSynchronous: false }, true)],
    ['was promoted while each commit was confirmed', 'promoted', view('00000006', { timeline: '00000005', isSynchronous: true })],
    ['was promoted while commits were not confirmed', 'lossy', view('00000006', { timeline: '00000005', isSynchronous: false })],
  ])('%s', (_, news, read) => {
    expect(judgePrimary(read, undefined)).toBe(news);
  });

  test('may lack commits if a server knows so, whatever the row says; once', () => {
    const known = { timeline: '00000005', isSynchronous: false };
    const former = { timeline: '00000005', isSynchronous: true };
    expect(judgePrimary(view('00000006', former), known)).toBe('lossy');
    // Another server, to which all seemed to be confirmed, was the first to note it.
    expect(judgePrimary(view('00000006', { timeline: '00000006' }), known)).toBe('lossy');
    expect(judgePrimary(view('00000006', { timeline: '00000006', epochTimeline: '00000006' }), known)).toBe('none');
    expect(judgePrimary(view('00000006', former), { ...known, isSynchronous: true })).toBe('promoted');
  });
});

describe('the watch', () => {
  test('lets nothing be numbered before a new timeline is noted', () => {
    const watch = new PrimaryWatch(view('00000005', {}, true));
    expect(watch.look(view('00000006', { timeline: '00000005', isSynchronous: true }))).toEqual({ hasNews: true, isKnown: false, isChanged: false });
    expect(watch.known.timeline).toBe('00000005');
    expect(watch.look(view('00000006', {}))).toEqual({ hasNews: false, isKnown: true, isChanged: true });
    expect(watch.look(view('00000006', {}))).toEqual({ hasNews: false, isKnown: true, isChanged: false });
  });

  test('refuses a former primary, and counts in hexadecimal', () => {
    const watch = new PrimaryWatch(view('0000000F', {}, true));
    expect(watch.look(view('00000010', {})).isChanged).toBe(true);
    expect(() => watch.look(view('0000000F', {}))).toThrow('a former primary of the database answers: it has timeline 0000000F, and 00000010 was met before');
  });
});
