/** What an icon is offered for: topics of forums, statuses of people, patterns behind names, or a group of emoji. */
export type IconUse = 'topics' | 'statuses' | 'backgrounds' | 'groups';

/** An icon: its name at Phosphor, the emoji that stands for it, and what it is offered for. */
export interface Icon {
  name: string;
  emoji: string;
  uses: readonly IconUse[];
}

const LETTERS: Readonly<Record<string, IconUse>> = { t: 'topics', s: 'statuses', b: 'backgrounds', g: 'groups' };

/** One icon a word: name, emoji, and letters of what it is for. */
const ROWS = `
chat-circle:💬:t chats-circle:🗨️:t megaphone:📣:t newspaper:📰:t article:📄:t bell:🔔:t push-pin:📌:t info:ℹ️:t question:❓:t warning:⚠️:t seal-check:✅:ts check-circle:☑️:t
star:⭐:tsb heart:❤️:tsb fire:🔥:tsb lightning:⚡:tsb sparkle:✨:sb crown:👑:tsb diamond:🔷:tb trophy:🏆:ts medal:🏅:t target:🎯:t rocket-launch:🚀:ts lightbulb:💡:tg
smiley:😀:sg smiley-wink:😉:s smiley-sad:🙁:s smiley-angry:😠:s smiley-meh:😐:s smiley-nervous:😬:s smiley-sticker:😄:s smiley-x-eyes:😵:s smiley-melting:🫠:s ghost:👻:tsb alien:👽:tsb robot:🤖:ts skull:💀:tsb
hand-waving:👋:ts hand-heart:🫶:ts hand-peace:✌️:s hand-fist:✊:s hands-clapping:👏:s hands-praying:🙏:s handshake:🤝:t thumbs-up:👍:s thumbs-down:👎:s eyes:👀:ts brain:🧠:t ear:👂:t
paw-print:🐾:tbg cat:🐱:tsb dog:🐶:tsb bird:🐦:tb fish:🐟:tb butterfly:🦋:tsb rabbit:🐰:sb horse:🐴:t cow:🐮:t bug-beetle:🪲:t
flower:🌼:tsb flower-lotus:🪷:sb flower-tulip:🌷:sb tree:🌳:t tree-evergreen:🌲:tb tree-palm:🌴:tb leaf:🍃:tsb clover:🍀:sb cactus:🌵:tb plant:🌱:t acorn:🌰:b feather:🪶:b
sun:☀️:tsb moon:🌙:sb moon-stars:🌃:s cloud:☁️:tsb cloud-rain:🌧️:s cloud-lightning:🌩️:s snowflake:❄️:tsb drop:💧:sb rainbow:🌈:s waves:🌊:tb wind:💨:t planet:🪐:tsb shooting-star:🌠:sb meteor:☄️:s
coffee:☕:ts hamburger:🍔:tsg pizza:🍕:tsb cookie:🍪:tb cake:🎂:ts ice-cream:🍦:tb orange:🍊:b cherries:🍒:b avocado:🥑:b carrot:🥕:b pepper:🌶️:b bread:🍞:t cheese:🧀:b popcorn:🍿:t fork-knife:🍴:t beer-stein:🍺:ts wine:🍷:ts champagne:🍾:s
house:🏠:ts buildings:🏙️:t factory:🏭:t storefront:🏪:t bank:🏦:t hospital:🏥:t tent:⛺:t island:🏝️:ts mountains:⛰️:t globe-hemisphere-west:🌎:t map-trifold:🗺️:t compass:🧭:t map-pin:📍:t
airplane-tilt:✈️:tsg car:🚗:ts train:🚆:t bus:🚌:t bicycle:🚲:ts motorcycle:🏍️:t boat:⛵:t anchor:⚓:tb traffic-cone:🚧:t gas-pump:⛽:t
soccer-ball:⚽:tsg basketball:🏀:tsb football:🏈:t tennis-ball:🎾:t volleyball:🏐:t barbell:🏋️:ts person-simple-run:🏃:ts person-simple-swim:🏊:s game-controller:🎮:ts puzzle-piece:🧩:tb dice-five:🎲:tb poker-chip:🎰:t spade:♠️:b club:♣️:b strategy:♟️:t
music-note:🎵:tsb music-notes:🎶:t headphones:🎧:ts microphone:🎙️:t guitar:🎸:ts piano-keys:🎹:t vinyl-record:💿:t film-slate:🎬:t film-strip:🎞️:t television:📺:t camera:📷:t palette:🎨:tsb paint-brush:🖌️:t mask-happy:🎭:t ticket:🎫:t confetti:🎉:tsb balloon:🎈:tsb gift:🎁:ts
book-open:📖:ts books:📚:t graduation-cap:🎓:ts pencil:✏️:t notebook:📓:t calculator:🧮:t flask:🧪:t atom:⚛️:ts microscope:🔬:t briefcase:💼:ts chart-line-up:📈:t chart-bar:📊:t calendar:📅:ts clock:🕒:ts envelope:✉️:t
laptop:💻:ts device-mobile:📱:ts code:🧑‍💻:ts bug:🐛:t gear:⚙️:ts wrench:🔧:t hammer:🔨:t shield-check:🛡️:t lock:🔒:ts key:🔑:t coins:🪙:t shopping-cart:🛒:t t-shirt:👕:t sneaker:👟:t sunglasses:🕶️:s
pill:💊:t stethoscope:🩺:t heartbeat:💓:s virus:🦠:t bed:🛏️:s phone:📞:s flag:🚩:tg hash:#️⃣:tg
`;

/** The icons, in their order in the set. */
export const ICONS: readonly Icon[] = ROWS.split(/\s+/).filter((row) => row !== '').map((row) => {
  const [name, emoji, letters] = row.split(':');
  return { name: name!, emoji: emoji!, uses: Array.from(letters!, (letter) => LETTERS[letter]!) };
});
