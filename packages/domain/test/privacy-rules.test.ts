import { describe, expect, it } from 'vitest';

import { isAllowed, NO_GROUPS, type PrivacyRule, type RuleKind, type ViewerFacts, withAllowedUser } from '../src/privacy/privacy-rules.ts';

const ID = 5n;
const rule = (kind: RuleKind, ...ids: bigint[]): PrivacyRule => ({ kind, ids });

/** Somebody who is in none of the owner's lists. */
const STRANGER: ViewerFacts = { viewerId: ID, isContact: false, isCloseFriend: false, isBot: false, isPremium: false, groups: NO_GROUPS };

/** The columns of the table. */
const VIEWERS = {
  stranger: STRANGER,
  contact: { ...STRANGER, isContact: true },
  closeFriend: { ...STRANGER, isContact: true, isCloseFriend: true },
  bot: { ...STRANGER, isBot: true },
  premium: { ...STRANGER, isPremium: true },
  member: { ...STRANGER, groups: new Set([70n, 71n]) },
} satisfies Record<string, ViewerFacts>;

type Row = [rules: PrivacyRule[], sees: (keyof typeof VIEWERS)[]];
const ALL = Object.keys(VIEWERS) as (keyof typeof VIEWERS)[];
const but = (...names: (keyof typeof VIEWERS)[]): (keyof typeof VIEWERS)[] => ALL.filter((name) => !names.includes(name));

const TABLE: Row[] = [
  [[], []],
  [[rule('AllowAll')], ALL],
  [[rule('DisallowAll')], []],
  [[rule('AllowContacts')], ['contact', 'closeFriend']],
  [[rule('AllowContacts'), rule('DisallowAll')], ['contact', 'closeFriend']],
  [[rule('DisallowContacts'), rule('AllowAll')], but('contact', 'closeFriend')],
  [[rule('AllowCloseFriends'), rule('DisallowAll')], ['closeFriend']],
  [[rule('AllowCloseFriends'), rule('DisallowContacts'), rule('AllowAll')], but('contact')],
  [[rule('AllowPremium'), rule('DisallowAll')], ['premium']],
  [[rule('AllowBots'), rule('DisallowAll')], ['bot']],
  [[rule('DisallowBots'), rule('AllowAll')], but('bot')],
  [[rule('AllowChatParticipants', 71n), rule('DisallowAll')], ['member']],
  [[rule('AllowChatParticipants', 99n), rule('DisallowAll')], []],
  [[rule('DisallowChatParticipants', 70n), rule('AllowAll')], but('member')],
  [[rule('AllowUsers', ID), rule('DisallowAll')], ALL],
  [[rule('AllowUsers', 6n), rule('DisallowAll')], []],
  [[rule('DisallowUsers', ID), rule('AllowAll')], []],
  [[rule('AllowContacts'), rule('DisallowUsers', ID)], []],
  [[rule('DisallowAll'), rule('AllowUsers', ID)], ALL],
  [[rule('AllowAll'), rule('DisallowUsers', 6n)], ALL],
  [[rule('AllowUsers', ID), rule('DisallowUsers', ID), rule('AllowAll')], []],
  [[rule('DisallowChatParticipants', 70n), rule('AllowUsers', ID), rule('AllowAll')], ALL],
];

describe('privacy rules', () => {
  for (const [rules, sees] of TABLE) {
    const said = rules.map(({ kind, ids }) => `${kind}${ids.length > 0 ? `(${ids.join(', ')})` : ''}`).join(' + ') || 'nothing';
    for (const order of ['as given', 'reversed']) {
      it(`${said}, ${order}: seen by ${sees.join(', ') || 'nobody'}`, () => {
        const ordered = order === 'reversed' ? rules.toReversed() : rules;
        expect(ALL.filter((name) => isAllowed(ordered, VIEWERS[name]))).toEqual(sees);
      });
    }
  }

  it('add an allowed user and remove that user from the disallowed ones', () => {
    const rules = [rule('DisallowUsers', 7n, ID), rule('AllowContacts')];
    const more = withAllowedUser(rules, ID);
    expect(more).toEqual([rule('AllowUsers', ID), rule('DisallowUsers', 7n), rule('AllowContacts')]);
    expect(withAllowedUser(more, ID)).toBe(more);
    expect(withAllowedUser([rule('AllowUsers', 8n), rule('DisallowUsers', ID)], ID)).toEqual([rule('AllowUsers', 8n, ID)]);
  });
});
