import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { methods } from '../src/index.ts';

/** Who may call a method, as it is documented. */
type Availability = 'user' | 'bot' | 'both';

const facts = JSON.parse(readFileSync(new URL('../../schema/methods.json', import.meta.url), 'utf8')) as Record<string, { availability: Availability }>;

/** Methods that bots may call by the documentation, and that are still closed to them here. */
const CLOSED_TO_BOTS_YET = new Set([
  // Bots that manage other bots.
  'bots.exportBotToken',
  // Stars and gifts, which there are none of.
  'payments.getSavedStarGifts', 'payments.getStarGifts', 'payments.getStarsStatus', 'payments.getStarsTransactions',
  // Advertisements, betting, giveaways and SMS, which are nothing to bots.
  'account.toggleSponsoredMessages', 'channels.restrictSponsoredMessages', 'messages.getEmojiGameInfo', 'payments.getGiveawayInfo', 'smsjobs.isEligibleToJoin',
  // Checklists, which the Bot API has for business accounts only.
  'messages.appendTodoList', 'messages.toggleTodoCompleted',
  // Votes to see: bots are told of each one.
  'messages.getUnreadPollVotes', 'messages.readPollVotes',
  // What the HTTP Bot API needs for the music of people.
  'users.getSavedMusic', 'users.getSavedMusicByID',
]);

function documentedOf(method: string): { user: boolean; bot: boolean } {
  const { availability } = facts[method]!;
  return { user: availability !== 'bot', bot: availability !== 'user' && !CLOSED_TO_BOTS_YET.has(method) };
}

it.each(methods.map(({ method, callers }) => ({ method, callers })))('$method is for whom it is documented', ({ method, callers }) => {
  expect({ user: callers.has('user'), bot: callers.has('bot') }).toEqual(documentedOf(method));
});

it('has no exception that is none any more', () => {
  const closed = methods.filter(({ method, callers }) => facts[method]!.availability !== 'user' && !callers.has('bot')).map(({ method }) => method);
  expect(closed.toSorted()).toEqual([...CLOSED_TO_BOTS_YET].toSorted());
});
