import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBot } from './bot-stage.ts';
import { people } from './group-stage.ts';
import { aerogram } from './operator-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

const contactOf = async (who: Actor): Promise<{ id: number; phone: string }> => {
  const { phoneNumber, user } = await who.main.call({ _: 'help.getSupport' });
  return { id: user.id, phone: phoneNumber };
};
const isSupport = async (viewer: Actor, id: number): Promise<boolean> => ((await viewer.main.call({ _: 'users.getUsers', id: [viewer.main.inputUser(id)] }))[0] as tl.RawUser).support!;
const noteOf = (who: Actor, userId: tl.TypeInputUser): Promise<tl.help.TypeUserInfo> => who.main.call({ _: 'help.getUserInfo', userId });
const edit = (who: Actor, userId: tl.TypeInputUser, message: string, entities: tl.TypeMessageEntity[] = []): Promise<tl.help.TypeUserInfo> => who.main.call({ _: 'help.editUserInfo', userId, message, entities });

test('an account that is marked as support is shown as such, is asked, and notes what only support reads', { timeout: 60_000 }, async () => {
  const [helper, other, person] = (await people(scenario, 'Helper', 'Other', 'Person')) as [Actor, Actor, Actor];
  for (const one of [helper, other]) await one.meet(person);
  await person.meet(helper);
  await person.send(helper, 'hello');
  await helper.sees('hello');
  const about = helper.main.inputUser(person.id);
  expect(await contactOf(person)).toEqual({ id: 777000, phone: '42777' });
  expect(await isSupport(person, helper.id)).toBe(false);

  await verifyUpdates([helper, person], async () => {
    const isAboutHelper = ({ userId }: tl.RawUpdateUser): boolean => userId === helper.id;
    const seen = [person.main.seesUpdate('updateUser', isAboutHelper), helper.main.seesUpdate('updateUser', isAboutHelper)];
    expect(await aerogram(scenario, 'user', 'support', `+${helper.phone}`, 'on')).toBe(`mark account ${helper.id} as support\ndone`);
    await Promise.all(seen);
    expect(await isSupport(person, helper.id)).toBe(true);
    await helper.main.call({ _: 'account.updateProfile', lastName: 'Smith' });
    expect(await isSupport(person, helper.id)).toBe(true);
  });
  const full = await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(helper.id) });
  expect(full.users.find(({ id }) => id === helper.id)).toMatchObject({ support: true });
  expect(await aerogram(scenario, 'user', 'show', String(helper.id))).toContain('\nmarked    support\n');
  expect(await aerogram(scenario, 'chats', 'log')).toContain(`mark account ${helper.id} as support`);

  // The number stays as private as it is; the access hash is that of whoever asks.
  expect(await contactOf(other)).toEqual({ id: helper.id, phone: '' });
  expect(await contactOf(helper)).toEqual({ id: 777000, phone: '42777' });

  expect(await helper.main.call({ _: 'help.getSupportName' })).toEqual({ _: 'help.supportName', name: 'Helper Smith' });
  expect(await noteOf(helper, about)).toEqual({ _: 'help.userInfoEmpty' });
  const bold: tl.RawMessageEntityBold = { _: 'messageEntityBold', offset: 2, length: 6 };
  const noted = await edit(helper, about, '  called twice ', [bold, { _: 'messageEntityCustomEmoji', offset: 2, length: 6, documentId: Long.ONE }]);
  expect(noted).toEqual({ _: 'help.userInfo', message: 'called twice', entities: [{ ...bold, offset: 0 }], author: 'Helper Smith', date: expect.any(Number) });
  expect(await noteOf(helper, about)).toEqual(noted);

  // Another support account reads and changes it.
  await aerogram(scenario, 'user', 'support', String(other.id), 'on');
  expect(await noteOf(other, other.main.inputUser(person.id))).toEqual(noted);
  expect(await edit(other, other.main.inputUser(person.id), 'all is well')).toMatchObject({ message: 'all is well', entities: [], author: 'Other' });
  expect(await noteOf(helper, about)).toMatchObject({ message: 'all is well', author: 'Other' });
  expect(await edit(helper, about, ' ')).toEqual({ _: 'help.userInfoEmpty' });
  expect(await noteOf(other, other.main.inputUser(person.id))).toEqual({ _: 'help.userInfoEmpty' });
});

test('nobody else reads or notes anything, and support only about those whom it knows', { timeout: 60_000 }, async () => {
  const [helper, person] = (await people(scenario, 'Helper', 'Person')) as [Actor, Actor];
  await helper.meet(person);
  await person.meet(helper);
  await aerogram(scenario, 'user', 'support', String(helper.id), 'on');
  const about = helper.main.inputUser(person.id);
  await edit(helper, about, 'a secret');
  const refused = (error: string) => ({ text: error });

  const self: tl.RawInputUserSelf = { _: 'inputUserSelf' };
  const wrong: tl.RawInputUser = { _: 'inputUser', userId: person.id, accessHash: Long.ONE };
  for (const who of [self, wrong, person.main.inputUser(helper.id)]) {
    await expect(noteOf(person, who)).rejects.toMatchObject(refused('USER_INVALID'));
    await expect(edit(person, who, 'mine')).rejects.toMatchObject(refused('USER_INVALID'));
  }
  await expect(person.main.call({ _: 'help.getSupportName' })).rejects.toMatchObject(refused('USER_INVALID'));
  await expect(noteOf(helper, wrong)).rejects.toMatchObject(refused('USER_ID_INVALID'));
  await expect(edit(helper, wrong, 'x')).rejects.toMatchObject(refused('USER_ID_INVALID'));
  await expect(edit(helper, about, 'short', [{ _: 'messageEntityBold', offset: 3, length: 9 }])).rejects.toMatchObject(refused('ENTITY_BOUNDS_INVALID'));
  await expect(edit(helper, about, 'x'.repeat(4097))).rejects.toMatchObject(refused('MESSAGE_TOO_LONG'));
  expect(await noteOf(helper, about)).toMatchObject({ message: 'a secret' });

  const bot = await startBot(scenario, 'asking_bot');
  await expect(bot.client.call({ _: 'help.getSupportName' })).rejects.toMatchObject(refused('BOT_METHOD_INVALID'));
  await expect(aerogram(scenario, 'user', 'support', String(bot.made.id), 'on')).rejects.toThrow('it is a bot');
  await expect(aerogram(scenario, 'user', 'support', '777000', 'on')).rejects.toThrow('belongs to the server itself');

  expect(await aerogram(scenario, 'user', 'support', String(helper.id), 'off')).toBe(`mark account ${helper.id} as support no longer\ndone`);
  expect(await isSupport(person, helper.id)).toBe(false);
  await expect(noteOf(helper, about)).rejects.toMatchObject(refused('USER_INVALID'));
  await expect(edit(helper, about, 'still here')).rejects.toMatchObject(refused('USER_INVALID'));
});
