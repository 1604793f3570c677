import type { tl } from '@mtcute/core';
import Long from 'long';
import type { PeerId, PrivacyKey, PrivacyQuestions, PrivacyRule, PrivacyRules } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { userPeer } from '../models/ids.ts';
import { PRIVACY_KEYS, readPrivacy, writePrivacy } from '../models/privacy.ts';
import { provePassword } from '../prove-password.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

const named = ({ always, never }: PrivacyRule): PeerId[] => [...always, ...never];

/** Who may see and do what, and what becomes of the account. */
export function answerPrivacy({ account }: AnswerDeps): AnswersTo<PrivacyQuestions> {
  const load = async (key: PrivacyKey): Promise<tl.account.RawPrivacyRules> => await account.call({ _: 'account.getPrivacy', key: { _: PRIVACY_KEYS[key] } });
  const read = ({ rules, chats, users }: tl.account.RawPrivacyRules): PrivacyRule => {
    account.takePeers({ users, chats });
    return readPrivacy(rules, chats);
  };
  return {
    'privacy.list': async (_, page) => {
      const keys = Object.keys(PRIVACY_KEYS) as PrivacyKey[];
      const rules = await Promise.all(keys.map(async (key) => [key, read(await load(key))] as const));
      page.introduce(rules.flatMap(([, rule]) => named(rule)));
      return Object.fromEntries(rules) as PrivacyRules;
    },
    'privacy.set': async ({ key, rule }, page) => {
      const [known, people] = await Promise.all([load(key), Promise.all(named(rule).filter((peer) => peer > 0).map(async (peer) => [peer, await account.inputUser(peer)] as const))]);
      const set = read(await account.call({ _: 'account.setPrivacy', key: { _: PRIVACY_KEYS[key] }, rules: writePrivacy(rule, known.rules, new Map(people)) }));
      page.introduce(named(set));
      return set;
    },
    'privacy.hidesReading': async () => (await account.call({ _: 'account.getGlobalPrivacySettings' })).hideReadMarks === true,
    'privacy.hideReading': async ({ isHidden }) => {
      const settings = await account.call({ _: 'account.getGlobalPrivacySettings' });
      await account.call({ _: 'account.setGlobalPrivacySettings', settings: { ...settings, hideReadMarks: isHidden } });
    },
    'privacy.keptDays': async () => (await loadAppConfig(account)).number('aerogram_private_messages_kept_days', 0),
    'privacy.deleteAfter': async () => (await account.call({ _: 'messages.getDefaultHistoryTTL' })).period,
    'privacy.setDeleteAfter': async ({ seconds }) => {
      await account.call({ _: 'messages.setDefaultHistoryTTL', period: seconds });
    },
    'sites.list': async (_, page) => {
      const { authorizations, users } = await account.call({ _: 'account.getWebAuthorizations' });
      account.takePeers({ users });
      const sites = authorizations.map(({ hash, domain, botId, browser, platform, region, dateActive }) => ({ id: hash.toString(), domain, bot: userPeer(botId), browser: [browser, platform].filter(Boolean).join(', '), place: region, active: dateActive }));
      page.introduce(sites.map(({ bot }) => bot));
      return sites;
    },
    'sites.end': async ({ id }) => {
      await account.call({ _: 'account.resetWebAuthorization', hash: Long.fromString(id) });
    },
    'sites.endAll': async () => {
      await account.call({ _: 'account.resetWebAuthorizations' });
    },
    'account.daysKept': async () => (await account.call({ _: 'account.getAccountTTL' })).days,
    'account.setDaysKept': async ({ days }) => {
      await account.call({ _: 'account.setAccountTTL', ttl: { _: 'accountDaysTTL', days } });
    },
    'account.delete': async ({ password }) => {
      await account.call({ _: 'account.deleteAccount', reason: '', password: password === '' ? undefined : await provePassword(account, password) });
    },
  };
}
