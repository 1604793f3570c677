import type { tl } from '@aerogram/tl';

/** The one language that there is: the texts that each client has built in. */
export const ENGLISH: tl.langPackLanguage = {
  _: 'langPackLanguage',
  official: true,
  name: 'English',
  native_name: 'English',
  lang_code: 'en',
  plural_code: 'en',
  strings_count: 0,
  translated_count: 0,
  translations_url: '',
};
