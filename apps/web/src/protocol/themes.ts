/** How a chat looks: colours as CSS has them. */
export interface ChatLook {
  /** Of what is behind the messages, from one corner to the other. */
  ground: [string, string];
  /** Of the own messages. */
  own: string;
}

/** A theme that both people in a private chat see. */
export interface ChatTheme {
  emoji: string;
  title: string;
  light: ChatLook;
  dark: ChatLook;
}
