import { defineMethod } from '@aerogram/rpc';

import { COUNTRIES_HASH, projectCountries } from './project-countries.ts';

export const getCountriesList = defineMethod({
  method: 'help.getCountriesList',
  access: ['guest', 'user'],
  cost: 2,
  repeat: 'read',
  handler: (_ctx, { lang_code, hash }) =>
    Promise.resolve(
      hash === COUNTRIES_HASH
        ? { _: 'help.countriesListNotModified' }
        : { _: 'help.countriesList', countries: projectCountries(lang_code), hash: COUNTRIES_HASH },
    ),
});
