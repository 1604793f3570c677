/** The emoji beside a name. They come with the folder that shows them, so no other part may. */
export const statusesTexts = {
  statusTitle: 'Emoji status',
  statusNone: 'None',
  statusFor: 'Show it',
  statusEver: 'For ever',
  statusHours: { one: 'For {n} hour', other: 'For {n} hours' },
  statusDays: { one: 'For {n} day', other: 'For {n} days' },
  statusUntil: 'until {when}',
  statusRecent: 'Used before',
  statusOthers: 'Statuses',
  removeStatus: 'Remove status',
} as const;
