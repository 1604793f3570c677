import { parseOrigin } from './address.ts';
import { choiceSetting, intSetting, listSetting, optionalTextSetting, type Setting, textSetting, urlSetting } from './setting-types.ts';

const NAME_MAX = 64;

/** Text of a limited length. */
function shortText(declaration: { env: string; default: string; doc: string }): Setting<string> {
  const setting = textSetting(declaration);
  return {
    ...setting,
    parse(text) {
      if (text.length > NAME_MAX) throw new Error(`must have at most ${NAME_MAX} characters`);
      return setting.parse(text);
    },
  };
}

/** How people log in with the account that their company has for them, at a provider of OpenID Connect. */
export const OIDC_SETTINGS = {
  webAddress: {
    ...optionalTextSetting({
      env: 'AEROGRAM_WEB_ADDRESS',
      doc: 'Address at which browsers reach the HTTP port, such as https://chat.example.org, without a path. The company\'s provider sends people back to /enter/back there, and links of `aerogram invite create --link` begin with it. Without it: localhost.',
    }),
    form: 'https://…',
    parse(text: string): string | undefined {
      const origin = text === '*' ? '' : parseOrigin(text);
      if (!/^https?:/.test(origin)) throw new Error('must be an address such as https://chat.example.org');
      return origin;
    },
  },
  oidcIssuer: urlSetting({
    env: 'AEROGRAM_OIDC_ISSUER',
    protocols: ['https:', 'http:'],
    doc: 'The OpenID Connect provider at which people of a company log in (docs/log-in.md); http:// only on this machine. Its documents are read at /.well-known/openid-configuration below this address. People are known by this address and by the subject that the provider names.',
  }),
  oidcClientId: optionalTextSetting({
    env: 'AEROGRAM_OIDC_CLIENT_ID',
    doc: 'Id of this server at the provider.',
  }),
  oidcClientSecret: optionalTextSetting({
    env: 'AEROGRAM_OIDC_CLIENT_SECRET',
    secret: true,
    doc: 'Secret of this server at the provider; without it the server is a public client, which PKCE protects.',
  }),
  oidcScopes: listSetting({
    env: 'AEROGRAM_OIDC_SCOPES',
    default: 'openid,profile,email,offline_access',
    item: 'scope',
    most: 32,
    parseItem(text) {
      if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(text)) throw new Error(`has "${text}", which is no scope`);
      return text;
    },
    doc: 'What the provider is asked for. Without offline_access it gives no refresh token to most servers, and nobody is logged out who is disabled there.',
  }),
  oidcPrompt: choiceSetting({
    env: 'AEROGRAM_OIDC_PROMPT',
    choices: ['consent', 'login', 'select_account', 'omit'],
    default: 'consent',
    doc: 'What the provider asks of a person each time. Providers that keep to OpenID Connect give refresh tokens only with `consent`; `omit` is more convenient with those that give them anyway, such as Keycloak, Dex and Entra ID.',
  }),
  oidcGroups: listSetting({
    env: 'AEROGRAM_OIDC_GROUPS',
    default: '',
    item: 'group',
    most: 256,
    parseItem: (text) => text,
    doc: 'Groups of which a person must be in one to log in; empty admits everybody whom the provider lets in.',
  }),
  oidcGroupsClaim: shortText({
    env: 'AEROGRAM_OIDC_GROUPS_CLAIM',
    default: 'groups',
    doc: 'The claim that lists the groups of a person.',
  }),
  oidcCheckEveryS: intSetting({
    env: 'AEROGRAM_OIDC_CHECK_EVERY',
    default: 3600,
    min: 60,
    max: 86_400,
    doc: 'Seconds between two checks of each person at the provider. Whoever is disabled there is logged out of all devices by the next check.',
  }),
  oidcName: shortText({
    env: 'AEROGRAM_OIDC_NAME',
    default: 'the company\'s account',
    doc: 'What people log in with, as the button and the page at /enter name it: "Log in with …".',
  }),
} as const;
