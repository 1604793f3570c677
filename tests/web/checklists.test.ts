import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const words = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const list = ({ messages }: WebPerson, title = 'Camping'): Locator => messages.getByRole('group', { name: title });
const task = (person: WebPerson, name: string, title?: string): Locator => list(person, title).getByRole('checkbox', { name });

/** The id of a list as an actor has it. */
async function idOfList({ main }: Actor, title: string): Promise<number> {
  const find = (): number | undefined => [...main.state.box.messages.values()].find(({ media }) => media.includes(title))?.id;
  await main.waitUntil(`the list ${title}`, () => find() !== undefined);
  return find()!;
}

describe.skipIf(!hasChromium)('checklists in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test.each(['desk', 'phone'] as const)('one is made and changed, two people tick and add tasks (%s)', async (size) => {
    const ann = await stage.person('Ann', size);
    const bob = await stage.world.user('Bob');
    await bob.meet(ann.actor);
    await bob.send(ann.actor, 'what shall we bring?');
    const toAnn = bob.main.inputPeer(ann.actor.id);
    await ann.open(bob);
    const { page } = ann;
    await page.getByRole('button', { name: 'Attach' }).click();
    await page.getByRole('menuitem', { name: 'Checklist' }).click();
    const dialog = ann.dialog('New checklist');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Camping');
    expect(await dialog.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    for (const [at, text] of ['Tent', 'Stove', 'Lamp'].entries()) await dialog.getByRole('textbox', { name: `Task ${at + 1}` }).fill(text);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await list(ann).getByText('0 of 3 done').waitFor();
    const id = await idOfList(bob, 'Camping');

    await bob.main.change({ _: 'messages.toggleTodoCompleted', peer: toAnn, msgId: id, completed: [2], incompleted: [] });
    await list(ann).getByText('done by Bob').waitFor();
    expect(await task(ann, 'Stove').isChecked()).toBe(true);
    await ann.messages.getByText('Bob marked 1 task as done').waitFor();
    await task(ann, 'Tent').click();
    await list(ann).getByText('done by You').waitFor();
    await task(ann, 'Stove').click();
    await list(ann).getByText('1 of 3 done').waitFor();
    await bob.sees('action:messageActionTodoCompletions');

    await list(ann).getByRole('button', { name: 'Add tasks' }).click();
    const adding = ann.dialog('Add tasks');
    await adding.getByRole('textbox', { name: 'Task 1' }).fill('Matches');
    await adding.getByRole('textbox', { name: 'Task 2' }).fill('Water');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await task(ann, 'Water').waitFor();
    await ann.messages.getByText('You added to the list: Matches, Water').waitFor();
    await bob.main.change({ _: 'messages.appendTodoList', peer: toAnn, msgId: id, list: [{ _: 'todoItem', id: 9, title: words('Guitar') }] });
    await list(ann).getByText('1 of 6 done').waitFor();

    // Another text, a task less and one more; what others add meanwhile stays.
    await ann.choose('Camping', 'Edit');
    const editing = ann.dialog('Edit checklist');
    await editing.getByRole('textbox', { name: 'Title' }).fill('Camping at the lake');
    await editing.getByRole('textbox', { name: 'Task 3' }).fill('Two lamps');
    await editing.getByRole('textbox', { name: 'Task 2' }).fill('');
    await editing.getByRole('textbox', { name: 'Task 7' }).fill('Soap');
    await bob.main.change({ _: 'messages.appendTodoList', peer: toAnn, msgId: id, list: [{ _: 'todoItem', id: 10, title: words('Drum') }] });
    await ann.messages.getByText('Bob added to the list: Drum').waitFor();
    await editing.getByRole('button', { name: 'Save' }).click();
    const camping = list(ann, 'Camping at the lake');
    await camping.getByText('1 of 7 done').waitFor();
    expect((await camping.getByRole('checkbox').all()).length).toBe(7);
    expect(await camping.getByRole('listitem').allTextContents()).toEqual(['Tentdone by You', 'Two lamps', 'Matches', 'Water', 'Guitar', 'Drum', 'Soap']);
    await ann.countsAll();
    await ann.sameAfterReload();
  });

  test('a list that its author keeps for himself is only looked at, and so is a forward', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    await bob.meet(ann.actor);
    const toAnn = bob.main.inputPeer(ann.actor.id);
    const make = (peer: tl.TypeInputPeer, title: string, others: boolean): Promise<unknown> => {
      const todo: tl.RawTodoList = { _: 'todoList', title: words(title), list: [{ _: 'todoItem', id: 1, title: words('Rest') }], othersCanAppend: others, othersCanComplete: others };
      return bob.main.change({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaTodo', todo }, message: '', randomId: randomLong() });
    };
    await make(toAnn, 'Plans of Bob', false);
    await ann.open(bob);
    await list(ann, 'Plans of Bob').waitFor();
    expect(await task(ann, 'Rest', 'Plans of Bob').isDisabled()).toBe(true);
    expect(await list(ann, 'Plans of Bob').getByRole('button', { name: 'Add tasks' }).count()).toBe(0);
    await make({ _: 'inputPeerSelf' }, 'Open to all', true);
    await bob.main.change({ _: 'messages.forwardMessages', fromPeer: { _: 'inputPeerSelf' }, toPeer: toAnn, id: [await idOfList(bob, 'Open to all')], randomId: [randomLong()] });
    await list(ann, 'Open to all').waitFor();
    expect(await task(ann, 'Rest', 'Open to all').isDisabled()).toBe(true);
    await ann.countsAll();
    await ann.sameAfterReload();
  });
});
