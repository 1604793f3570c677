import { expect, test, vi } from 'vitest';
import type { Checklist } from '../src/protocol/index.ts';
import { allowedOn } from '../src/page/open-chat/allowed.ts';
import { changesOf } from '../src/page/checklists/new-checklist.tsx';
import { editedChecklist } from '../src/worker/models/checklist.ts';
import { makePeer } from './made.ts';

vi.hoisted(() => vi.stubGlobal('location', { hash: '', origin: '' }));

const bold = [{ kind: 'bold' as const, offset: 0, length: 2 }];
const list: Checklist = {
  title: 'Camping',
  entities: bold,
  tasks: [{ id: 1, text: 'Tent', entities: bold, doneBy: 7 }, { id: 3, text: 'Stove', entities: bold }, { id: 4, text: 'Lamp' }],
  isOpenForTasks: true,
  isOpenForTicks: true,
};

test('an edit of a list says what is different, and keeps formats of what is not, and what others have added meanwhile', () => {
  const edit = changesOf(list, { title: 'Camping', tasks: ['Tent', '', 'Lamps', 'Soap'], isOpenForTasks: false, isOpenForTicks: true });
  expect(edit).toEqual({ title: 'Camping', changed: [{ id: 3, text: '' }, { id: 4, text: 'Lamps' }], added: ['Soap'], isOpenForTasks: false, isOpenForTicks: true });
  const now = { ...list, tasks: [...list.tasks, { id: 9, text: 'Drum' }] };
  expect(editedChecklist(now, edit)).toEqual({
    title: 'Camping',
    entities: bold,
    tasks: [list.tasks[0], { id: 4, text: 'Lamps' }, { id: 9, text: 'Drum' }, { id: 10, text: 'Soap' }],
    isOpenForTasks: false,
    isOpenForTicks: true,
  });
  expect(editedChecklist(list, { ...edit, title: 'Trip', changed: [{ id: 1, text: 'Big tent' }] })).toMatchObject({ title: 'Trip', entities: undefined, tasks: [{ id: 1, text: 'Big tent' }, {}, {}, {}] });
});

test('the author of a list edits it, as long as messages can be edited, and not where it was forwarded', () => {
  const message = { key: '1', id: 1, peer: 5, from: 7, date: 1000, isOut: true, text: '', media: { kind: 'checklist' as const, list } };
  const may = (values: object, now = 1000): boolean[] => {
    const { edit, editList } = allowedOn({ ...message, ...values }, makePeer(5), now);
    return [edit, editList];
  };
  expect(may({})).toEqual([false, true]);
  expect(may({ media: undefined })).toEqual([true, false]);
  expect([may({ isOut: false }), may({ forwarded: { date: 1 } }), may({}, 1000 + 172_800)]).toEqual([[false, false], [false, false], [false, false]]);
});
