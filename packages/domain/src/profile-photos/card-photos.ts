import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import { z } from 'zod';

import { lockPeople, type CardSender } from '../cards/index.ts';
import { lockIdsToKeep, type Photos } from '../collections/index.ts';
import { packPlain, unpackPlain, wireBytes, wireInt, wireUserId } from '../effects/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import { publishDecision } from '../shared/index.ts';
import type { PagePhotos } from '../uploads/index.ts';
import type { Users } from '../users/index.ts';
import { lockSourcePhoto, saveCardPhoto } from './card-photo-store.ts';

const QUESTION = 'card.photo';

/** The most bytes of a picture that goes to another data centre. The larger size of a profile photo has about a quarter of that. */
const PICTURE_BYTES_MAX = 400 * 1024;

const questionSchema = z.object({ personId: wireUserId, photoId: wireInt });

const answerSchema = z.object({ picture: wireBytes(PICTURE_BYTES_MAX).optional() });

interface CardPhotoParts {
  users: Pick<Users, 'userChanged' | 'showChange'>;
  photos: Pick<Photos, 'readForHome'>;
  pagePhotos: Pick<PagePhotos, 'doCreateOfPerson'>;
}

/** Copies of the photos of people whose home is another data centre. */
export interface CardPhotos {
  /** Orders, in the transaction that stores a card, that the copy of the photo follows. */
  order(tx: Tx, personId: bigint): Promise<void>;
  readonly jobKind: JobKind;
}

type Deps = Pick<SubjectDeps, 'db' | 'bus' | 'homes'> & { cardSender: CardSender | undefined };

/** Creates the copying, and answers the questions of other homes for pictures. */
export function createCardPhotos({ db, bus, homes, cardSender }: Deps, { users, photos, pagePhotos }: CardPhotoParts): CardPhotos {
  /** Whether a reader of a person's card in a data centre may see this photo of the person now. */
  const isShown = (personId: bigint, photoId: bigint, dc: number): Promise<boolean> =>
    db.transact('show-card-photo', async (tx) => {
      await lockPeople(tx, [personId]);
      return (await cardSender?.read(tx, [personId]))?.cardFor(personId, dc)?.photoId === photoId;
    });

  homes?.onAsk(QUESTION, async (body, from) => {
    const { personId, photoId } = unpackPlain(questionSchema, body);
    const picture = (await isShown(personId, photoId, from)) ? await photos.readForHome(photoId, PICTURE_BYTES_MAX) : undefined;
    return packPlain({ picture });
  });

  const change = async (personId: bigint, write: (tx: Tx) => Promise<boolean>): Promise<void> => {
    const isChanged = await db.transact('copy-card-photo', async (tx) => {
      if (!(await write(tx))) return false;
      tx.afterCommit(async () => {
        await Promise.all([users.userChanged(personId), publishDecision(bus, { kind: 'deleted', ownerIds: [personId] })]);
      });
      return true;
    });
    if (isChanged) users.showChange(personId, { _: 'updateUser', user_id: personId });
  };

  const copy = async (personId: bigint): Promise<void> => {
    const dc = homes?.dcOf(personId);
    const card = await db.q.selectFrom('cards').select('source_photo_id').where('person_id', '=', personId).executeTakeFirst();
    const source = card?.source_photo_id ?? undefined;
    if (source === undefined || homes === undefined || dc === undefined) {
      await change(personId, async (tx) => {
        if ((await lockSourcePhoto(tx, personId)) !== undefined) return false;
        await saveCardPhoto(tx, personId, undefined);
        return true;
      });
      return;
    }
    const { picture } = unpackPlain(answerSchema, await homes.ask(dc, QUESTION, packPlain({ personId, photoId: source })));
    // If it is not shown any more, the card that says so is on its way.
    const photo = picture && (await pagePhotos.doCreateOfPerson(picture, personId));
    if (photo === undefined) return;
    await change(personId, async (tx) => {
      if (!(await lockIdsToKeep(tx, [photo.id])) || (await lockSourcePhoto(tx, personId)) !== source) return false;
      await saveCardPhoto(tx, personId, photo);
      return true;
    });
  };

  const job = defineJobKind<Record<string, never>>({ kind: 'card-photo', codec: jsonCodec(), run: (_payload, { ownerId }) => copy(ownerId) });
  return { jobKind: job, order: (tx, personId) => tx.job(job.order(personId, {})) };
}
