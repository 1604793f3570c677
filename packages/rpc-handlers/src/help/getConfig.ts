import { DEFAULT_REACTION, ME_URL_PREFIX, PLAYED_KEPT_S, reactionOfKey, RECENT_STICKERS_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { projectCdnOptions, projectDcOptions, projectOtherDcs } from './project-dc-options.ts';

/** How long clients may keep the answer, in seconds; they refuse less than an hour (rule P9, DC ids). */
const LIFE_S = 7200;

export const getConfig = defineMethod({
  method: 'help.getConfig',
  access: 'any',
  pending2fa: true,
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    const nowDate = ctx.clock.now();
    const { caller, domain } = ctx;
    const { languages } = domain;
    const { langPack = '', langCode = '', systemLangCode = '' } = caller.initConnection ?? {};
    const suggested = languages.find(systemLangCode);
    const reactionKey = caller.userId === undefined ? DEFAULT_REACTION : await domain.reactions.findDefault(caller.userId);
    return {
      _: 'config',
      revoke_pm_inbox: true,
      date: nowDate,
      expires: nowDate + LIFE_S,
      test_mode: domain.config.testDc,
      this_dc: caller.dcId,
      dc_options: [...projectDcOptions(domain.config, caller), ...projectOtherDcs(domain.dcAddresses.list()), ...projectCdnOptions(domain.cdnNodes.list())],
      dc_txt_domain_name: '',
      chat_size_max: domain.config.groupMembersMax,
      megagroup_size_max: domain.config.supergroupMembersMax,
      forwarded_count_max: 100,
      online_update_period_ms: 210_000,
      offline_blur_timeout_ms: 5_000,
      offline_idle_timeout_ms: 30_000,
      online_cloud_timeout_ms: 300_000,
      notify_cloud_delay_ms: 30_000,
      notify_default_delay_ms: 1_500,
      push_chat_period_ms: 60_000,
      push_chat_limit: 2,
      edit_time_limit: 172_800,
      revoke_time_limit: 2_147_483_647,
      revoke_pm_time_limit: 2_147_483_647,
      rating_e_decay: 2_419_200,
      stickers_recent_limit: RECENT_STICKERS_MAX,
      channels_read_media_period: PLAYED_KEPT_S,
      call_receive_timeout_ms: 20_000,
      call_ring_timeout_ms: 90_000,
      call_connect_timeout_ms: 30_000,
      call_packet_timeout_ms: 10_000,
      me_url_prefix: ME_URL_PREFIX,
      caption_length_max: 1024,
      message_length_max: 4096,
      webfile_dc_id: caller.dcId,
      // Some clients request the texts of the suggested language without checking that there is one.
      suggested_lang_code: suggested?.isOfferedFor(langPack) ? suggested.code : languages.english.code,
      lang_pack_version: (languages.find(langCode) ?? languages.english).version,
      base_lang_pack_version: languages.english.version,
      reactions_default: reactionOfKey(reactionKey),
    };
  },
});
