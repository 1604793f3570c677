import type { FunctionComponent } from 'preact';
import ImageOff from 'lucide-static/icons/image-off.svg';
import { t } from '../ground/text.ts';

/** In place of a picture that this browser cannot show. */
export const TileBroken: FunctionComponent = () => (
  <span class="tile-broken">
    <ImageOff />
    {t('cannotShow')}
  </span>
);
