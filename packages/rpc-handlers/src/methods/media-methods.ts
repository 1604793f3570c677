import type { RpcMethod } from '@aerogram/rpc';

import { getRecentLocations } from '../messages/getRecentLocations.ts';
import { getSearchResultsCalendar } from '../messages/getSearchResultsCalendar.ts';
import { getSearchResultsPositions } from '../messages/getSearchResultsPositions.ts';
import { getWebPage } from '../messages/getWebPage.ts';
import { getWebPagePreview } from '../messages/getWebPagePreview.ts';
import { searchSentMedia } from '../messages/searchSentMedia.ts';
import { sendMedia } from '../messages/sendMedia.ts';
import { getFile } from '../upload/getFile.ts';

/** What messages show besides their text, and how it is found. */
export const mediaMethods: readonly RpcMethod[] = [
  sendMedia,
  getFile,
  getWebPage,
  getWebPagePreview,
  getRecentLocations,
  searchSentMedia,
  getSearchResultsCalendar,
  getSearchResultsPositions,
];
