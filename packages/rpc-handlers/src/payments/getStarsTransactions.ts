import { defineMethod } from '@aerogram/rpc';

import { projectEmptyStars } from './project-empty-stars.ts';

export const getStarsTransactions = defineMethod({
  method: 'payments.getStarsTransactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: () => Promise.resolve(projectEmptyStars()),
});
