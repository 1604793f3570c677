import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

describe.skipIf(!hasChromium)('themes of chats in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('a theme is chosen for a chat, and both see it at once', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.person('Bob')];
    await ann.actor.meet(bob.actor);
    await bob.actor.meet(ann.actor);
    await bob.actor.send(ann.actor, 'hello');
    await ann.open(bob.actor);
    await ann.send('hello Bob');
    await bob.open(ann.actor);
    await bob.message('hello Bob').waitFor();
    /** The colour of the own messages, which is that of a theme or the usual one. */
    const own = ({ page }: WebPerson): Promise<string> => page.getByRole('main').evaluate((element) => (globalThis as unknown as { getComputedStyle(of: unknown): { getPropertyValue(name: string): string } }).getComputedStyle(element).getPropertyValue('--out'));
    const usual = await own(bob);
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    await ann.page.getByRole('complementary', { name: 'Info' }).getByTitle('Change theme').click();
    await ann.dialog('Theme of this chat').getByRole('button', { name: '🌊 Sea' }).click();
    await ann.page.getByRole('complementary', { name: 'Info' }).getByTitle('Change theme').getByText('Sea').waitFor();
    await bob.messages.getByText('Ann changed the theme of this chat to 🌊').waitFor();
    await expect.poll(() => own(bob)).not.toBe(usual);
    expect(await own(ann)).toBe(await own(bob));
    await bob.actor.main.change({ _: 'messages.setChatTheme', peer: bob.actor.main.inputPeer(ann.actor.id), theme: { _: 'inputChatThemeEmpty' } });
    await expect.poll(() => own(ann)).toBe(usual);
  });
});
