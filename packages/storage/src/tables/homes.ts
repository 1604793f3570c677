// Row types of migrations 0129-homes, 0130-link-nodes, 0131-home-changes and 0132-revoked-certificates.
import type { ColumnType, Generated } from 'kysely';

/** Where a node of a data centre listens for the links of others. */
export interface LinkNode {
  /** Its name; only of the nodes of this data centre. */
  node?: string | undefined;
  host: string;
  port: number;
}

/** A data centre of the community, this one included. No rows: the server is alone. */
export interface HomesTable {
  dc: number;
  is_own: Generated<boolean>;
  /** It decides who has a name. */
  of_names: Generated<boolean>;
  /** `paused`: the operator has cut the link. `removed`: it never comes back. */
  state: 'joined' | 'paused' | 'removed';
  /** Where it listens for the links of others; of several nodes, where the one listens that started last. */
  link_host: string;
  link_port: number;
  /** Where each of its nodes does. */
  link_nodes: ColumnType<LinkNode[], string | undefined, string>;
  /** Where its clients connect, as `help.getConfig` says. */
  client_host: string;
  client_port: number;
  /** The origin of its web client, such as `https://chat.example.org`. */
  web_address: string;
  /** The versions of its program and of its schema, as it has told them; '' and 0: not yet. */
  program: Generated<string>;
  schema_version: Generated<number>;
  /** Whether the link to it stood when the node that keeps it last looked, and when that was. */
  is_up: Generated<boolean>;
  seen_ms: Generated<bigint>;
  /** Frames to it and from it that were lost, because they were needed again after their sender had dropped them. */
  lost_frames: Generated<bigint>;
  /** Its certificates that begin before this date, in seconds since 1970, were revoked; 0: none was. It never goes back. */
  certificates_from: Generated<number>;
  /** See `ListedLink`. */
  stopped_by: Generated<string>;
  /** At the first home: the stream epoch of this database in which that home has told it all its names; 0: never, so it has none that this database could have lost. */
  names_epoch: Generated<bigint>;
}

/**
 * The frames for another data centre, one row for each epoch of this database: how many were written, and how many it has applied. The bytes are of those that are kept
 * in the outbox.
 */
export interface HomeStreamsTable {
  dc: number;
  epoch: bigint;
  sent_seq: Generated<bigint>;
  sent_bytes: Generated<bigint>;
  acked_seq: Generated<bigint>;
  acked_bytes: Generated<bigint>;
}

/** A frame for another data centre. Kept for some days after it was applied there, in case that one is restored from a backup. */
export interface HomeOutboxTable {
  dc: number;
  epoch: bigint;
  seq: bigint;
  frame: Uint8Array;
  written_date: number;
}

/** How far another data centre had applied the stream for it at some time: a row an hour, from which follows what is kept for it. */
export interface HomeAckMarksTable {
  dc: number;
  epoch: bigint;
  acked_seq: bigint;
  noted_date: number;
}

/** How far the stream of another data centre was applied here. */
export interface HomeAppliedTable {
  dc: number;
  epoch: bigint;
  applied_seq: bigint;
  /** What its frames in `home_inbox` take, in bytes. */
  kept_bytes: Generated<bigint>;
}

/** A frame of another data centre that was applied here. Kept for some days, to be returned to it if it loses what it had sent. */
export interface HomeInboxTable {
  dc: number;
  epoch: bigint;
  seq: bigint;
  frame: Uint8Array;
  applied_date: number;
}

/** What is known here of a person whose home is elsewhere. */
export interface CardsTable {
  person_id: bigint;
  /** Grows with each change at the home of the person, within an epoch of it. */
  version: bigint;
  /** The epoch of the frames of that home in which the card was sent; 0: not known (0135). */
  epoch: Generated<bigint>;
  first_name: string;
  last_name: string;
  /** The number and the username are known to be the person's. */
  username: string | null;
  /** Only if the person shows it to somebody here. */
  phone: string | null;
  /** What the home of the person says (0135). */
  claimed_username: string | null;
  claimed_phone: string | null;
  /** The data centre that gives names has yet to say whether one of these is the person's (0136). */
  is_unasked: Generated<boolean>;
  is_bot: boolean;
  is_deleted: boolean;
  /** The photo at the home of the person, and the copy of it here. */
  source_photo_id: bigint | null;
  photo_id: bigint | null;
  photo_stripped: Uint8Array | null;
  /** What the operator of that home says, as in `users`. */
  verified: Generated<boolean>;
  scam: Generated<boolean>;
  fake: Generated<boolean>;
}

/** A viewer elsewhere whose home has the card of a person here. */
export interface CardReadersTable {
  person_id: bigint;
  viewer_id: bigint;
}

/** Another data centre is told later how it is with a person here: there is one row, however often that changes. */
export interface HomeChangesTable {
  dc: number;
  person_id: bigint;
  /** Somebody there, of whom it is told what is between the two; 0: only the card of the person. */
  other_id: bigint;
}

/** The tables about other data centres. */
export interface HomesTables {
  homes: HomesTable;
  home_streams: HomeStreamsTable;
  home_outbox: HomeOutboxTable;
  home_applied: HomeAppliedTable;
  home_inbox: HomeInboxTable;
  cards: CardsTable;
  card_readers: CardReadersTable;
  home_changes: HomeChangesTable;
  home_ack_marks: HomeAckMarksTable;
}
