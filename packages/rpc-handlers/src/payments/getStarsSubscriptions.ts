import { defineMethod } from '@aerogram/rpc';

import { projectEmptyStars } from './project-empty-stars.ts';

export const getStarsSubscriptions = defineMethod({
  method: 'payments.getStarsSubscriptions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: () => Promise.resolve(projectEmptyStars()),
});
