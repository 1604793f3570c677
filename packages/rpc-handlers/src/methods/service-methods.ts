import type { RpcMethod } from '@aerogram/rpc';

import { dismissSuggestion as helpDismissSuggestion } from '../help/dismissSuggestion.ts';
import { getAppConfig as helpGetAppConfig } from '../help/getAppConfig.ts';
import { getAppUpdate as helpGetAppUpdate } from '../help/getAppUpdate.ts';
import { getCdnConfig as helpGetCdnConfig } from '../help/getCdnConfig.ts';
import { getConfig as helpGetConfig } from '../help/getConfig.ts';
import { getCountriesList as helpGetCountriesList } from '../help/getCountriesList.ts';
import { getInviteText as helpGetInviteText } from '../help/getInviteText.ts';
import { getNearestDc as helpGetNearestDc } from '../help/getNearestDc.ts';
import { getPeerColors as helpGetPeerColors } from '../help/getPeerColors.ts';
import { getPeerProfileColors as helpGetPeerProfileColors } from '../help/getPeerProfileColors.ts';
import { getPremiumPromo as helpGetPremiumPromo } from '../help/getPremiumPromo.ts';
import { getPromoData as helpGetPromoData } from '../help/getPromoData.ts';
import { getTermsOfServiceUpdate as helpGetTermsOfServiceUpdate } from '../help/getTermsOfServiceUpdate.ts';
import { getTimezonesList as helpGetTimezonesList } from '../help/getTimezonesList.ts';
import { getDifference as langpackGetDifference } from '../langpack/getDifference.ts';
import { getLangPack as langpackGetLangPack } from '../langpack/getLangPack.ts';
import { getLanguage as langpackGetLanguage } from '../langpack/getLanguage.ts';
import { getLanguages as langpackGetLanguages } from '../langpack/getLanguages.ts';
import { getStrings as langpackGetStrings } from '../langpack/getStrings.ts';

/** Configuration, texts, and what clients ask of the service itself. */
export const serviceMethods: readonly RpcMethod[] = [
  helpDismissSuggestion,
  helpGetAppConfig,
  helpGetAppUpdate,
  helpGetCdnConfig,
  helpGetConfig,
  helpGetCountriesList,
  helpGetInviteText,
  helpGetNearestDc,
  helpGetPeerColors,
  helpGetPeerProfileColors,
  helpGetPremiumPromo,
  helpGetPromoData,
  helpGetTermsOfServiceUpdate,
  helpGetTimezonesList,
  langpackGetDifference,
  langpackGetLangPack,
  langpackGetLanguage,
  langpackGetLanguages,
  langpackGetStrings,
];
