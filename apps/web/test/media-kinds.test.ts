import { describe, expect, it } from 'vitest';
import type { Media, Message, Photo, ServiceAction } from '../src/protocol/index.ts';
import { hasText } from '../src/page/parts/media-kinds.ts';
import { findFile } from '../src/worker/models/media-kinds.ts';
import { peersOfMessage } from '../src/worker/views/history-view.ts';

const message = (more: Partial<Message>): Message => ({ id: 1, peer: 1, from: 2, isOut: false, date: 1, text: '', ...more }) as Message;
const photo = (id: string): Photo => ({ id, sizes: [] });

describe('the people whom a message names', () => {
  it('are also those whom somebody has given to a bot, and the bot', () => {
    const service: ServiceAction = { kind: 'peersShared', peers: [5, 6], button: 1, bot: 7 };
    expect([...peersOfMessage(message({ service }))]).toEqual([2, 5, 6, 7]);
  });

  it('are those who did tasks of a list', () => {
    const list = { title: 'x', tasks: [{ id: 1, text: 'a', doneBy: 8 }, { id: 2, text: 'b' }], isOpenForTasks: false, isOpenForTicks: false };
    expect([...peersOfMessage(message({ media: { kind: 'checklist', list } as Media }))]).toEqual([2, 8]);
  });
});

describe('a file of a message', () => {
  it('is found beside an answer of its poll', () => {
    const poll = { answers: [{ option: '30', text: 'a', media: { kind: 'photo', photo: photo('9') } }] };
    expect(findFile({ kind: 'poll', poll } as Media, '9')).toEqual(photo('9'));
    expect(findFile({ kind: 'poll', poll } as Media, '8')).toBeUndefined();
  });
});

describe('a text that could be edited', () => {
  it.each<[Media | undefined, boolean]>([
    [undefined, true],
    [{ kind: 'page', url: 'https://example.org' }, true],
    [{ kind: 'photo', photo: photo('1') }, true],
    [{ kind: 'photo', photo: photo('1'), ttl: 5 }, false],
    [{ kind: 'dice', emoji: '🎲', value: 1 }, false],
  ])('stands beside %o: %s', (media, isThere) => {
    expect(hasText(media)).toBe(isThere);
  });
});
