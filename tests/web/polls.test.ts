import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeJpeg } from '../../packages/media/test/pictures.ts';
import { readSample } from '../../packages/media/test/samples.ts';
import { createChannel, inviteTo, postIn } from '../scenarios/channel-stage.ts';
import { documentMedia } from './send-media.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

type Found = ReturnType<WebPerson['message']>;

/** Opens the dialog in which a poll is made, and writes question and answers. */
async function makePoll({ page }: WebPerson, question: string, answers: string[]): Promise<Found> {
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name: 'Poll' }).click();
  const dialog = page.getByRole('dialog', { name: 'New poll' });
  await dialog.getByRole('textbox', { name: 'Question' }).fill(question);
  for (const [at, answer] of answers.entries()) await dialog.getByRole('textbox', { name: `Answer ${at + 1}` }).fill(answer);
  return dialog;
}

/** A picture as a person chooses it. */
const picture = async (width: number): Promise<{ name: string; mimeType: string; buffer: Buffer }> => ({ name: `picture-${width}.jpg`, mimeType: 'image/jpeg', buffer: await makeJpeg(width, 200) });
/** How wide a picture is that was loaded; 0 before. */
const widthOf = (image: Found): Promise<number> => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth);

const textOf = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const send = (dialog: Found): Promise<void> => dialog.getByRole('button', { name: 'Send' }).click();
const vote = (person: WebPerson, question: string, answer: string): Promise<void> => person.message(question).getByRole('list', { name: 'Answers' }).getByRole('button', { name: answer, exact: true }).click();
/** An answer among the results, by what stands there. */
const result = (person: WebPerson, question: string, text: string | RegExp): Found => person.message(question).getByRole('list', { name: 'Results' }).getByRole('listitem').filter({ hasText: text });

describe.skipIf(!hasChromium)('polls and reactions in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  /** Two people at the web client, and a group that both have open. */
  async function meet(title: string): Promise<{ ann: WebPerson; bob: WebPerson; id: number }> {
    const [ann, bob] = await Promise.all([stage.person('Ann'), stage.person('Bob', 'phone')]);
    const id = await createChannel(ann.actor, 'megagroup', title);
    await inviteTo(ann.actor, id, [bob.actor]);
    await Promise.all([ann.open(id), bob.open(id)]);
    return { ann, bob, id };
  }

  test('a public poll with several answers is made, voted in, extended and closed, and shows who has voted', async () => {
    const { ann, bob, id } = await meet('Lunch');
    const dialog = await makePoll(ann, 'Where to?', ['Cantina', 'Park', 'Home']);
    await dialog.getByRole('textbox', { name: 'Answer 4' }).waitFor();
    await dialog.getByRole('switch', { name: 'Anonymous voting' }).uncheck();
    await dialog.getByRole('switch', { name: 'Several answers' }).check();
    await dialog.getByRole('switch', { name: 'Others may add answers' }).check();
    await send(dialog);

    const poll = bob.message('Where to?');
    await poll.getByText('Public poll').waitFor();
    await poll.getByText('No votes yet').waitFor();
    for (const answer of ['Cantina', 'Home']) await poll.getByRole('checkbox', { name: answer }).check();
    await poll.getByRole('button', { name: 'Vote' }).click();
    await result(bob, 'Where to?', 'Cantina').getByText('100%').waitFor();
    await result(bob, 'Where to?', 'Park').getByText('0%').waitFor();
    await result(bob, 'Where to?', 'Home').getByRole('img', { name: 'Your vote' }).waitFor();
    // Who has not voted sees that somebody did, and nothing of how.
    await ann.message('Where to?').getByText('1 vote').waitFor();
    expect(await ann.message('Where to?').getByRole('list', { name: 'Results' }).count()).toBe(0);

    await ann.message('Where to?').getByRole('checkbox', { name: 'Cantina' }).check();
    await ann.message('Where to?').getByRole('button', { name: 'Vote' }).click();
    await result(bob, 'Where to?', 'Cantina').getByText('100%').waitFor();
    await result(bob, 'Where to?', 'Home').getByText('50%').waitFor();
    await bob.message('Where to?').getByRole('button', { name: 'Add an answer' }).click();
    await bob.dialog('Add an answer').getByRole('textbox', { name: 'New answer' }).fill('Lake');
    await bob.dialog('Add an answer').getByLabel('File of: New answer').setInputFiles({ name: 'lake.mp4', mimeType: 'video/mp4', buffer: readSample('film.mp4') });
    await bob.dialog('Add an answer').getByRole('button', { name: 'Add an answer' }).click();
    await result(ann, 'Where to?', 'Lake added by Bob').waitFor();
    await result(ann, 'Where to?', 'Lake').getByRole('button', { name: 'Picture of Lake' }).click();
    await ann.dialog('Media viewer').locator('video').waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.dialog('Media viewer').waitFor({ state: 'detached' });
    await ann.messages.getByText('Bob added the answer “Lake”').waitFor();
    await result(ann, 'Where to?', 'Lake').getByRole('button', { name: 'Delete the answer Lake' }).click();
    await ann.messages.getByText('You deleted the answer “Lake”').waitFor();
    await result(bob, 'Where to?', 'Lake').waitFor({ state: 'detached' });

    await ann.message('Where to?').getByRole('button', { name: 'Who voted' }).click();
    const who = ann.dialog('Who voted');
    await who.getByRole('list', { name: 'Who voted' }).getByText('Bob').waitFor();
    expect(await who.getByRole('listitem').count()).toBe(2);
    await who.getByRole('tab', { name: 'Home 1' }).click();
    await who.getByRole('tabpanel', { name: 'Home' }).getByText('Bob').waitFor();
    expect(await who.getByRole('listitem').count()).toBe(1);
    await who.getByRole('tab', { name: 'Park 0' }).click();
    await who.getByText('Nobody has chosen this answer.').waitFor();
    await ann.page.keyboard.press('Escape');

    await bob.choose('Where to?', 'Take back vote');
    await poll.getByRole('checkbox', { name: 'Cantina' }).waitFor();
    await result(ann, 'Where to?', 'Home').getByText('0%').waitFor();
    // What was ticked and then deleted is not voted for.
    await poll.getByRole('button', { name: 'Add an answer' }).click();
    await bob.dialog('Add an answer').getByRole('textbox', { name: 'New answer' }).fill('Sea');
    await bob.dialog('Add an answer').getByRole('button', { name: 'Add an answer' }).click();
    await poll.getByRole('checkbox', { name: 'Sea' }).check();
    await poll.getByRole('button', { name: 'Delete the answer Sea' }).click();
    await poll.getByRole('checkbox', { name: 'Sea' }).waitFor({ state: 'detached' });
    expect(await poll.getByRole('button', { name: 'Vote', exact: true }).isDisabled()).toBe(true);
    await ann.choose('Where to?', 'Stop poll');
    await ann.dialog('Stop poll').getByRole('button', { name: 'Stop poll' }).click();
    for (const person of [ann, bob]) {
      await person.message('Where to?').getByText('Final results').waitFor();
      await result(person, 'Where to?', 'Cantina').getByText('100%').waitFor();
    }
    await Promise.all([ann.hasRead(id), bob.hasRead(id)]);
    await ann.sameAfterReload();
    await bob.sameAfterReload();

    // The list says that somebody has voted, until the chat shows it.
    const attributes: tl.TypeDocumentAttribute[] = [{ _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } }, { _: 'documentAttributeVideo', duration: 2, w: 96, h: 64 }];
    const sticker = await documentMedia(ann.actor, { bytes: readSample('sticker.webm'), name: 'sticker.webm' }, { mimeType: 'video/webm', attributes });
    const place: tl.RawInputMediaVenue = { _: 'inputMediaVenue', geoPoint: { _: 'inputGeoPoint', lat: 52.5, long: 13.4 }, title: 'At the lake', address: 'Shore 1', provider: '', venueId: '', venueType: '' };
    const next: tl.RawPoll = { _: 'poll', id: Long.ZERO, publicVoters: true, question: textOf('And when?'), answers: [{ _: 'inputPollAnswer', text: textOf('Noon'), media: sticker }, { _: 'inputPollAnswer', text: textOf('One'), media: place }], hash: Long.ZERO };
    const { main } = ann.actor;
    const sent = (await main.change({ _: 'messages.sendMedia', peer: main.inputPeer(id), media: { _: 'inputMediaPoll', poll: next, attachedMedia: place }, message: '', randomId: randomLong() })) as tl.RawUpdates;
    const msgId = sent.updates.find((update) => update._ === 'updateMessageID')!.id;
    for (let at = 0; at < 40; at++) await postIn(ann.actor, id, `Table for ${at}`);
    await ann.message('Table for 39').waitFor();
    await ann.goToList();
    await bob.actor.main.change({ _: 'messages.sendVote', peer: bob.actor.main.inputPeer(id), msgId, options: [Buffer.from('0')] });
    await ann.page.getByRole('link', { name: /^Lunch.*, new votes$/ }).waitFor();
    await ann.open(id);
    await ann.message('Table for 39').waitFor();
    await ann.page.getByRole('button', { name: 'Next vote' }).click();
    const when = ann.message('And when?');
    await when.getByText('1 vote').waitFor();
    await when.getByText('At the lake').waitFor();
    await when.getByRole('button', { name: 'Place of One' }).waitFor();
    await when.getByRole('button', { name: 'Picture of Noon' }).click();
    await ann.dialog('Media viewer').getByRole('img', { name: 'Sticker' }).locator('video').waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.dialog('Media viewer').waitFor({ state: 'detached' });
    await ann.page.getByRole('button', { name: 'Next vote' }).waitFor({ state: 'detached' });
  });

  test('a quiz with pictures tells its answer to those who have voted, and an anonymous poll what happened while one was away', async () => {
    const { ann, bob, id } = await meet('School');
    const dialog = await makePoll(ann, 'Two and two?', ['Three', 'Four']);
    await dialog.getByRole('switch', { name: /^Quiz/ }).check();
    expect(await dialog.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await dialog.getByRole('radio', { name: 'Answer 2 is correct' }).check();
    await dialog.getByRole('textbox', { name: 'Explanation' }).fill('Count your fingers.');
    // What cannot stand beside an answer is refused there, and what belongs to no answer must be taken away.
    await dialog.getByLabel('File of: Answer 1').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') });
    await dialog.getByRole('alert').getByText('This file cannot stand here.').waitFor();
    await dialog.getByLabel('File of: Answer 3').setInputFiles(await picture(100));
    const needless = dialog.getByRole('group', { name: 'File of: Answer 3' }).getByRole('button', { name: 'Remove' });
    await needless.waitFor();
    expect(await dialog.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await needless.click();
    for (const [place, width] of [['Question', 640], ['Answer 2', 300], ['Explanation', 500]] as const) {
      await dialog.getByLabel(`File of: ${place}`).setInputFiles(await picture(width));
      await dialog.getByRole('group', { name: `File of: ${place}` }).getByText(`picture-${width}.jpg`).waitFor();
    }
    await send(dialog);
    await bob.message('Two and two?').getByText('Anonymous quiz').waitFor();
    const quiz = bob.message('Two and two?');
    expect(await quiz.getByText('Count your fingers.').count()).toBe(0);
    await expect.poll(() => widthOf(quiz.getByRole('img', { name: 'Photo' }))).toBeGreaterThan(300);
    await quiz.getByRole('button', { name: 'Picture of Four' }).click();
    const viewer = bob.dialog('Media viewer');
    await viewer.getByText('2 of 2').waitFor();
    await viewer.getByText('Four').waitFor();
    await expect.poll(() => widthOf(viewer.getByRole('img', { name: 'Photo' }))).toBe(300);
    await viewer.getByRole('button', { name: 'Previous' }).click();
    await viewer.getByText('1 of 2').waitFor();
    await expect.poll(() => widthOf(viewer.getByRole('img', { name: 'Photo' }))).toBe(640);
    await bob.page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    await vote(bob, 'Two and two?', 'Three');
    await result(bob, 'Two and two?', 'Three').getByRole('img', { name: 'Your vote, Wrong answer' }).waitFor();
    await result(bob, 'Two and two?', 'Four').getByRole('img', { name: 'Correct answer' }).waitFor();
    await bob.message('Two and two?').getByRole('note', { name: 'Explanation' }).getByText('Count your fingers.').waitFor();
    await expect.poll(() => widthOf(quiz.getByRole('note', { name: 'Explanation' }).getByRole('img', { name: 'Photo' }))).toBe(500);
    await result(bob, 'Two and two?', 'Four').getByRole('button', { name: 'Picture of Four' }).waitFor();
    expect(await ann.message('Two and two?').getByRole('img', { name: 'Photo' }).count()).toBe(1);
    // The vote of somebody else changes numbers only.
    await vote(ann, 'Two and two?', 'Four');
    await result(ann, 'Two and two?', 'Four').getByRole('img', { name: 'Your vote, Correct answer' }).waitFor();
    await result(bob, 'Two and two?', 'Four').getByText('50%').waitFor();
    await result(bob, 'Two and two?', 'Three').getByRole('img', { name: 'Your vote, Wrong answer' }).waitFor();

    const second = await makePoll(ann, 'Homework?', ['Yes', 'No']);
    await second.getByRole('combobox', { name: 'Closes' }).selectOption('After 30 days');
    await second.getByRole('switch', { name: 'Hide the results until then' }).check();
    await send(second);
    await vote(bob, 'Homework?', 'No');
    await bob.message('Homework?').getByText('The results are shown when the poll is closed.').waitFor();
    await bob.message('Homework?').getByText(/^1 vote, closes in 7(?:19|20):/).waitFor();
    await result(bob, 'Homework?', 'No').getByRole('img', { name: 'Your vote' }).waitFor();
    expect(await bob.message('Homework?').getByText('%').count()).toBe(0);
    // Nothing tells those who are away that somebody has voted: it is asked for when they look again.
    await bob.hasRead(id);
    await bob.page.goto('about:blank');
    await vote(ann, 'Homework?', 'No');
    await ann.message('Homework?').getByText(/^2 votes/).waitFor();
    await bob.open(id);
    await bob.message('Homework?').getByText(/^2 votes/).waitFor();
    await ann.choose('Homework?', 'Stop poll');
    await ann.dialog('Stop poll').getByRole('button', { name: 'Stop poll' }).click();
    await result(ann, 'Homework?', 'No').getByText('100%').waitFor();
    await result(bob, 'Homework?', 'No').getByText('100%').waitFor();
    await result(bob, 'Homework?', 'No').getByRole('img', { name: 'Your vote' }).waitFor();
    await Promise.all([ann.hasRead(id), bob.hasRead(id)]);
    await ann.sameAfterReload();
    await bob.sameAfterReload();
    // The pictures of a forward are loaded by the forward, not from where it comes.
    await ann.choose('Two and two?', 'Save');
    await ann.open(ann.actor);
    await ann.message('Two and two?').waitFor();
    await ann.sameAfterReload();
    for (const name of ['Photo', 'Picture of Four']) await expect.poll(() => widthOf(ann.message('Two and two?').getByRole('img', { name }).first())).toBeGreaterThan(0);
  });

  test('custom emoji are reactions once a group allows them, and are drawn below the message', async () => {
    const { ann, bob, id } = await meet('Drawing');
    await ann.send('Look at this');
    await bob.message('Look at this').waitFor();
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    await ann.page.getByRole('complementary', { name: 'Info' }).getByRole('button', { name: 'Edit' }).click();
    await ann.managed('Edit group').getByRole('link', { name: 'Reactions' }).click();
    const edit = ann.managed('Reactions');
    const allowed = async (): Promise<unknown> => (await ann.actor.main.call({ _: 'channels.getFullChannel', channel: ann.actor.main.inputChannel(id) })).fullChat.availableReactions;
    expect(await allowed()).toEqual({ _: 'chatReactionsAll', allowCustom: false });
    // Some reactions may be custom emoji, too, which are added from the sets of the admin.
    await edit.getByRole('radio', { name: 'Some' }).check();
    await edit.getByRole('button', { name: 'Add a custom emoji' }).click();
    await ann.dialog('Add a custom emoji').getByRole('rowgroup', { name: 'Faces' }).getByRole('button', { name: '😀 Faces' }).click();
    await expect.poll(async () => JSON.stringify(await allowed())).toContain('reactionCustomEmoji');
    await edit.getByRole('radio', { name: 'All' }).check();
    await edit.getByRole('switch', { name: 'Custom emoji' }).check();
    await expect.poll(allowed).toEqual({ _: 'chatReactionsAll', allowCustom: true });

    await bob.openMenu('Look at this');
    await bob.page.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button', { name: 'More reactions' }).click();
    const faces = bob.page.getByRole('group', { name: 'Reactions to choose' }).getByRole('region', { name: 'Faces' });
    await faces.scrollIntoViewIfNeeded();
    await faces.getByRole('button', { name: '😀 Faces' }).click();
    const bar = (person: WebPerson): Found => person.message('Look at this').getByRole('group', { name: 'Reactions' });
    await bar(bob).getByRole('button', { name: '😀, 1', pressed: true }).locator('.is-drawn canvas').waitFor();
    await ann.leaveInfo();
    const shown = bar(ann).getByRole('button', { name: '😀, 1', pressed: false });
    await shown.locator('.is-drawn canvas').waitFor();
    await shown.click();
    await bar(ann).getByRole('button', { name: '😀, 2', pressed: true }).waitFor();
    await ann.choose('Look at this', 'Who reacted');
    const who = ann.dialog('Who reacted');
    await who.getByRole('tab', { name: '😀 2' }).click();
    await who.getByRole('tabpanel', { name: '😀 2' }).getByText('You').waitFor();
    await ann.page.keyboard.press('Escape');
    await bob.page.reload();
    await bar(bob).getByRole('button', { name: '😀, 2', pressed: true }).click();
    await bar(bob).getByRole('button', { name: '😀, 1', pressed: false }).waitFor();
    await bar(ann).getByRole('button', { name: '😀, 1', pressed: true }).waitFor();
    await ann.sameAfterReload();
    await bob.sameAfterReload();
  });

  test('a group says which reactions it allows; its members see who has reacted, and the author what is new', async () => {
    const { ann, bob, id } = await meet('Walking');
    const carol = await stage.world.user('Carol');
    await inviteTo(ann.actor, id, [carol]);
    await ann.send('Up the hill at nine');
    await bob.message('Up the hill at nine').waitFor();
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    await ann.page.getByRole('complementary', { name: 'Info' }).getByRole('button', { name: 'Edit' }).click();
    await ann.managed('Edit group').getByRole('link', { name: 'Reactions' }).click();
    const edit = ann.managed('Reactions');
    await edit.getByRole('radio', { name: 'None' }).check();
    await edit.getByRole('radio', { name: 'Some' }).check();
    for (const emoji of ['🔥', '🎉']) await edit.getByRole('button', { name: emoji, exact: true }).click();
    await edit.getByRole('combobox', { name: 'Different reactions to a message' }).selectOption('2');
    // Each change is saved by itself.
    await expect.poll(async () => (await ann.actor.main.call({ _: 'channels.getFullChannel', channel: ann.actor.main.inputChannel(id) })).fullChat).toMatchObject({ reactionsLimit: 2, availableReactions: { reactions: [{ emoticon: '🔥' }, { emoticon: '🎉' }] } });
    await ann.leaveInfo();
    await ann.goToList();
    await ann.open(ann.actor);

    await bob.openMenu('Up the hill at nine');
    const picker = bob.page.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button');
    await picker.filter({ hasText: '🔥' }).waitFor();
    expect(await picker.allTextContents()).toEqual(['🔥', '🎉']);
    await picker.filter({ hasText: '🔥' }).click();
    const bar = bob.message('Up the hill at nine').getByRole('group', { name: 'Reactions' });
    await bar.getByRole('button', { name: '🔥, 1', pressed: true }).waitFor();

    const found = (await carol.main.call({ _: 'messages.getHistory', peer: carol.main.inputPeer(id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: randomLong() })) as tl.messages.RawChannelMessages;
    const msgId = found.messages.find((message) => message._ === 'message' && message.message === 'Up the hill at nine')!.id;
    await carol.main.change({ _: 'messages.sendReaction', peer: carol.main.inputPeer(id), msgId, reaction: [{ _: 'reactionEmoji', emoticon: '🎉' }] });
    await bar.getByRole('button', { name: '🎉, 1', pressed: false }).waitFor();
    await bob.choose('Up the hill at nine', 'Who reacted');
    const who = bob.dialog('Who reacted');
    await who.getByRole('list', { name: 'Who reacted' }).getByText('Carol').waitFor();
    expect(await who.getByRole('listitem').count()).toBe(2);
    await who.getByRole('tab', { name: '🔥 1' }).click();
    await who.getByRole('tabpanel', { name: '🔥 1' }).getByText('You').waitFor();
    expect(await who.getByRole('listitem').count()).toBe(1);
    await bob.page.keyboard.press('Escape');
    await bar.getByRole('button', { name: '🎉, 1' }).click();
    await bar.getByRole('button', { name: '🎉, 2', pressed: true }).waitFor();
    // An account may give several reactions, and takes each back by itself.
    await bar.getByRole('button', { name: '🔥, 1', pressed: true }).click();
    await bar.getByRole('button', { name: /^🔥/ }).waitFor({ state: 'detached' });

    // The list says that there is a reaction, and the chat leads to the message that has it.
    await ann.goToList();
    await ann.page.getByRole('link', { name: /^Walking.*nine, new reactions$/ }).waitFor();
    for (let at = 0; at < 40; at++) await postIn(ann.actor, id, `On the way ${at}`);
    await ann.open(id);
    await ann.message('On the way 39').waitFor();
    await ann.page.getByRole('button', { name: 'Next reaction' }).click();
    await ann.message('Up the hill at nine').getByRole('button', { name: '🎉, 2', pressed: false }).waitFor();
    await ann.page.getByRole('button', { name: 'Next reaction' }).waitFor({ state: 'detached' });
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).click();
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).waitFor({ state: 'detached' });
    await bob.hasRead(id);
    await ann.sameAfterReload();
    await bob.sameAfterReload();
  });

  test('reactions are given in basic groups and channels too; a channel tells nobody who has given them, and a group that became a supergroup takes no more votes', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.meet(ann.actor);
    const made = await bob.main.invite({ _: 'messages.createChat', title: 'Neighbours', users: [bob.main.inputUser(ann.actor.id)] });
    const group = made.updates._ === 'updates' ? -made.updates.chats[0]!.id : 0;
    const channel = await createChannel(bob, 'broadcast', 'Street news');
    await inviteTo(bob, channel, [ann.actor]);
    await bob.main.change({ _: 'messages.sendMessage', peer: bob.main.inputPeer(group), message: 'Who has a ladder?', randomId: randomLong() });
    await postIn(bob, channel, 'Road works on Monday');
    for (const { id, text, item } of [{ id: group, text: 'Who has a ladder?', item: 1 }, { id: channel, text: 'Road works on Monday', item: 0 }]) {
      await ann.open(id);
      await ann.react(text, '👍');
      await ann.message(text).getByRole('button', { name: '👍, 1', pressed: true }).waitFor();
      await ann.message(text).focus();
      await ann.page.keyboard.press('Shift+F10');
      await ann.page.getByRole('menuitem', { name: 'Copy', exact: true }).waitFor();
      expect(await ann.page.getByRole('menuitem', { name: 'Who reacted' }).count()).toBe(item);
      await ann.page.keyboard.press('Escape');
      await ann.hasRead(id);
    }
    const poll: tl.RawPoll = { _: 'poll', id: Long.ZERO, question: textOf('Who brings it?'), answers: ['Me', 'You'].map((text) => ({ _: 'inputPollAnswer', text: textOf(text) })), hash: Long.ZERO };
    await bob.main.change({ _: 'messages.sendMedia', peer: bob.main.inputPeer(group), media: { _: 'inputMediaPoll', poll }, message: '', randomId: randomLong() });
    await ann.open(group);
    await ann.message('Who brings it?').getByRole('list', { name: 'Answers' }).waitFor();
    await bob.main.change({ _: 'messages.migrateChat', chatId: -group });
    // The window now shows the supergroup, with the messages of the group above its own.
    await result(ann, 'Who brings it?', 'You').waitFor();
    expect(await ann.message('Who brings it?').getByRole('list', { name: 'Answers' }).count()).toBe(0);
    await ann.goToList();
    await ann.open(channel);
    await ann.sameAfterReload();
  });
});
