import { choiceSetting, listSetting } from './setting-types.ts';

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** Who may have an account. */
export const SIGN_UP_SETTINGS = {
  signUp: choiceSetting({
    env: 'AEROGRAM_SIGN_UP',
    choices: ['open', 'invited', 'closed'],
    default: 'open',
    doc: 'Who may make an account: everybody, the numbers that `aerogram invite create` names, or nobody. Other numbers are answered as if they had an account, and are sent no code. People who have one are not concerned, nor those whom the company lets in (AEROGRAM_OIDC_ISSUER).',
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
    doc: 'Domains of the e-mail addresses that people may have their log-in codes sent to; empty admits all. Addresses in invitations are admitted anyway.',
  }),
} as const;
