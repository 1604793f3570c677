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

/** A kind of message with audio or video. */
export type MediaKind = 'video' | 'round' | 'animation' | 'voice' | 'music';

/** What a library shows of the audio or video of a message. */
export interface ShownMedia {
  kind: MediaKind | 'document';
  /** Pixels; null if there is no picture. */
  width: number | null;
  height: number | null;
  /** Seconds. */
  duration: number;
  title: string | null;
  performer: string | null;
  hasWaveform: boolean;
}

/** What a library shows of the video in the photo of a user, group or channel. */
export interface ShownAvatar {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** The second of the frame that stands for the video. */
  startS: number;
}
