import type { tl } from '@aerogram/tl';

import { POINT_PARAMS, readPoint } from './geo-point.ts';
import type { Params } from './params.ts';

const SOURCE_PARAMS = ['foursquare_id', 'foursquare_type', 'google_place_id', 'google_place_type'] as const;

/** Parameters of a venue. */
export const VENUE_PARAMS = [...POINT_PARAMS, 'title', 'address', ...SOURCE_PARAMS] as const;

/** Reads a venue from parameters. @throws BotError as {@link readPoint} */
export function readVenue(params: Params<(typeof VENUE_PARAMS)[number]>): tl.inputMediaVenue {
  return { _: 'inputMediaVenue', geo_point: readPoint(params), title: params.text('title'), address: params.text('address'), ...sourceOf(params) };
}

/** Which directory knows the venue, and as what. */
function sourceOf(params: Params<(typeof SOURCE_PARAMS)[number]>): Pick<tl.inputMediaVenue, 'provider' | 'venue_id' | 'venue_type'> {
  if (params.has('google_place_id') || params.has('google_place_type')) return { provider: 'gplaces', venue_id: params.text('google_place_id'), venue_type: params.text('google_place_type') };
  const isKnown = params.has('foursquare_id') || params.has('foursquare_type');
  return { provider: isKnown ? 'foursquare' : '', venue_id: params.text('foursquare_id'), venue_type: params.text('foursquare_type') };
}
