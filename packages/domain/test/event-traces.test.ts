import { expect, test } from 'vitest';
import type { BoxEvent, Origin } from '../src/events/box-event.ts';
import { EventTraces } from '../src/events/event-traces.ts';

const origin = (trace?: string): Origin => ({ authKeyId: 1n, sessionId: 1n, trace });
const message = (globalId: bigint) => ({ kind: 'new_message', message: { global_id: globalId } }) as BoxEvent;
const update = { kind: 'update' } as BoxEvent;

test('the copies of a message belong to the trace of its sender, also if several are sent at once', () => {
  const own = [{ event: message(1n), origin: origin('a') }, { event: message(2n), origin: origin('b') }, { event: message(3n), origin: origin() }];
  const others = [1n, 2n, 3n].map((id) => ({ event: message(id), origin: undefined }));
  const traces = EventTraces.of([{ events: own }, { events: others }])!;
  expect([...own, ...others].map((each) => traces.find(each))).toEqual(['a', 'b', undefined, 'a', 'b', undefined]);
  expect(traces.find({ event: update, origin: undefined })).toBeUndefined();
});

test('everything else belongs to the only call', () => {
  const traces = EventTraces.of([{ events: [{ event: update, origin: origin('a') }] }])!;
  expect(traces.find({ event: update, origin: undefined })).toBe('a');
  expect(EventTraces.of([{ events: [{ event: update, origin: origin() }, { event: update, origin: undefined }] }])).toBeUndefined();
});
