import { choiceSetting, intSetting, listSetting } from './setting-types.ts';

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** Who may have an account, and how people take the data of theirs away. */
export const SIGN_UP_SETTINGS = {
  signUp: choiceSetting({
    env: 'AEROGRAM_SIGN_UP',
    choices: ['open', 'invited', 'closed'],
    default: 'open',
    doc: 'Who may make an account: everybody, the numbers that `aerogram invite create` names, or nobody; whoever has a link of `aerogram invite create --link` names a number on its page. Other numbers are answered as if they had an account, and are sent no code. People who have one are not concerned, nor those whom the company lets in (AEROGRAM_OIDC_ISSUER).',
  }),
  mailDomains: listSetting({
    env: 'AEROGRAM_MAIL_DOMAINS',
    default: '',
    item: 'domain, such as example.org',
    most: 256,
    parseItem(text) {
      const domain = text.toLowerCase();
      if (!DOMAIN.test(domain)) throw new Error(`has "${text}", which is no domain`);
      return domain;
    },
    doc: 'Domains of the e-mail addresses that people may have their log-in codes sent to; empty admits all. Addresses that an operator names in an invitation are admitted anyway, those that people enter on the page of a link are not.',
  }),
  takeoutDelay: intSetting({
    env: 'AEROGRAM_TAKEOUT_DELAY',
    default: 86_400,
    min: 0,
    max: 2_592_000,
    doc: 'Seconds that a device waits after it has asked to export all data of its account, if the account has other devices too: all of them are told of the request, so that the owner has time to log a stranger out.',
  }),
} as const;
