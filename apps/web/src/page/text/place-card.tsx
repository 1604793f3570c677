import type { FunctionComponent } from 'preact';
import MapPin from 'lucide-static/icons/map-pin.svg';
import type { Media } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { askBeforeLeaving } from './link.tsx';

type Place = Extract<Media, { kind: 'place' }>;

/** Writes a coordinate with its direction, such as 52.51627° N. Pure. */
export function formatCoordinate(value: number, [positive, negative]: readonly [string, string]): string {
  return `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;
}

/** Where the maps of OpenStreetMap show a place. Pure. */
export function mapAddress({ latitude, longitude }: Pick<Place, 'latitude' | 'longitude'>): string {
  const [lat, lon] = [latitude.toFixed(6), longitude.toFixed(6)];
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=16/${lat}/${lon}`;
}

/** A place. Its map is on a page of others, so nothing is loaded from there. */
export const PlaceCard: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { latitude, longitude, title, address, isLive } = place;
  return (
    <div class="card place">
      <div class="place-drawing" aria-hidden="true">
        <MapPin />
      </div>
      <div class="card-text">
        <strong dir="auto">{title ?? t(isLive ? 'livePlace' : 'mediaPlace')}</strong>
        {address !== undefined && <span dir="auto">{address}</span>}
        <span class="card-detail">
          {formatCoordinate(latitude, ['N', 'S'])}, {formatCoordinate(longitude, ['E', 'W'])}
        </span>
        <button class="link" type="button" onClick={() => void askBeforeLeaving(mapAddress(place))}>
          {t('showOnMap')}
        </button>
      </div>
    </div>
  );
};
