import type { FunctionComponent } from 'preact';
import type { Media, Message, Photo } from '../../protocol/index.ts';
import { pictureOf } from '../media/shown-media.ts';
import { usePicture } from '../motion/use-picture.ts';
import { safeTarget } from '../parts/safe-target.ts';
import { Link } from '../text/link.tsx';

type Page = Extract<Media, { kind: 'page' }>;

/** Longer side of a picture as it is drawn at most, in CSS pixels. */
const SIDE = 540;

const Picture: FunctionComponent<{ message: Message; photo: Photo }> = ({ message, photo }) => {
  const { address } = usePicture(pictureOf(message, { role: 'photo', photo, hasSpoiler: false }, SIDE * devicePixelRatio), photo.preview).value;
  const { width = 2, height = 1 } = photo.sizes.at(-1) ?? {};
  // Its place is there before its bytes are.
  return <img class="link-card-picture" src={address} alt="" style={{ aspectRatio: `${width} / ${height}` }} draggable={false} />;
};

/** What stands on the page of a link. */
export const LinkCard: FunctionComponent<{ message: Message; page: Page }> = ({ message, page }) => {
  const { url, siteName, title, description, photo } = page;
  const target = safeTarget({ kind: 'url', offset: 0, length: url.length }, url);
  if (siteName === undefined && title === undefined && description === undefined && !photo) return null;
  const text = (
    <>
      {siteName !== undefined && (
        <span class="link-card-site" dir="auto">
          {siteName}
        </span>
      )}
      {title !== undefined && <strong dir="auto">{title}</strong>}
      {description !== undefined && (
        <span class="link-card-text" dir="auto">
          {description}
        </span>
      )}
    </>
  );
  return (
    <div class="link-card">
      {target === undefined ? (
        text
      ) : (
        // A link that the text hides asks here, too.
        <Link class="link-card-head" target={target} shown={message.text.includes(url) ? target : ''}>
          {text}
        </Link>
      )}
      {photo && <Picture message={message} photo={photo} />}
    </div>
  );
};
