/** What a library shows about a user. */
export interface DriverProfile {
  phone: string | null;
  username: string | null;
  /** Name of the constructor. */
  status: string | null;
  about: string | null;
  blocked: boolean;
}

/** What a library shows about a group. */
export interface DriverGroup {
  title: string;
  /** Whether the own account is in the group; if not, `members` is empty. */
  isMember: boolean;
  /** User ids, in any order. */
  members: number[];
}

/** A size of a photo that a library has downloaded, as the library describes it. */
export interface SavedSize {
  type: string;
  width: number;
  height: number;
}

/** What a message has. */
export interface ShownContent {
  /** `gone` are media whose lifetime is over. */
  kind: 'photo' | 'voice' | 'gone';
  /** Whether a voice message was not heard yet; null for other media. */
  unheard: boolean | null;
}
