import { defineMethod } from '@aerogram/rpc';

import { projectEmptyStars } from './project-empty-stars.ts';

export const getStarsStatus = defineMethod({
  method: 'payments.getStarsStatus',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: () => Promise.resolve(projectEmptyStars()),
});
