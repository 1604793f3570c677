/**
 * The emoji by which two people compare the key of their call, with their names. All clients have these, in this order: both sides see the same four only if their lists are
 * the same. Taken from TDLib.
 */
const LIST = `
😉 winking face, 😍 smiling face with heart-eyes, 😛 face with tongue, 😭 loudly crying face, 😱 face screaming in fear, 😡 enraged face,
😎 smiling face with sunglasses, 😴 sleeping face, 😵 face with crossed-out eyes, 😈 smiling face with horns, 😬 grimacing face,
😇 smiling face with halo, 😏 smirking face, 👮 police officer, 👷 construction worker, 💂 guard, 👶 baby, 👨 man, 👩 woman, 👴 old man, 👵 old woman,
😻 smiling cat with heart-eyes, 😽 kissing cat, 🙀 weary cat, 👺 goblin, 🙈 see-no-evil monkey, 🙉 hear-no-evil monkey, 🙊 speak-no-evil monkey,
💀 skull, 👽 alien, 💩 pile of poo, 🔥 fire, 💥 collision, 💤 ZZZ, 👂 ear, 👀 eyes, 👃 nose, 👅 tongue, 👄 mouth, 👍 thumbs up, 👎 thumbs down,
👌 OK hand, 👊 oncoming fist, ✌️ victory hand, ✋ raised hand, 👐 open hands, 👆 backhand index pointing up, 👇 backhand index pointing down,
👉 backhand index pointing right, 👈 backhand index pointing left, 🙏 folded hands, 👏 clapping hands, 💪 flexed biceps, 🚶 person walking,
🏃 person running, 💃 woman dancing, 👫 woman and man holding hands, 👪 family, 👬 men holding hands, 👭 women holding hands, 💅 nail polish,
🎩 top hat, 👑 crown, 👒 woman’s hat, 👟 running shoe, 👞 man’s shoe, 👠 high-heeled shoe, 👕 t-shirt, 👗 dress, 👖 jeans, 👙 bikini, 👜 handbag,
👓 glasses, 🎀 ribbon, 💄 lipstick, 💛 yellow heart, 💙 blue heart, 💜 purple heart, 💚 green heart, 💍 ring, 💎 gem stone, 🐶 dog face, 🐺 wolf,
🐱 cat face, 🐭 mouse face, 🐹 hamster, 🐰 rabbit face, 🐸 frog, 🐯 tiger face, 🐨 koala, 🐻 bear, 🐷 pig face, 🐮 cow face, 🐗 boar, 🐴 horse face,
🐑 ewe, 🐘 elephant, 🐼 panda, 🐧 penguin, 🐥 front-facing baby chick, 🐔 chicken, 🐍 snake, 🐢 turtle, 🐛 bug, 🐝 honeybee, 🐜 ant, 🐞 lady beetle,
🐌 snail, 🐙 octopus, 🐚 spiral shell, 🐟 fish, 🐬 dolphin, 🐋 whale, 🐐 goat, 🐊 crocodile, 🐫 two-hump camel, 🍀 four leaf clover, 🌹 rose,
🌻 sunflower, 🍁 maple leaf, 🌾 sheaf of rice, 🍄 mushroom, 🌵 cactus, 🌴 palm tree, 🌳 deciduous tree, 🌞 sun with face, 🌚 new moon face,
🌙 crescent moon, 🌎 globe showing Americas, 🌋 volcano, ⚡ high voltage, ☔ umbrella with rain drops, ❄️ snowflake, ⛄ snowman without snow, 🌀 cyclone,
🌈 rainbow, 🌊 water wave, 🎓 graduation cap, 🎆 fireworks, 🎃 jack-o-lantern, 👻 ghost, 🎅 Santa Claus, 🎄 Christmas tree, 🎁 wrapped gift,
🎈 balloon, 🔮 crystal ball, 🎥 movie camera, 📷 camera, 💿 optical disk, 💻 laptop, ☎️ telephone, 📡 satellite antenna, 📺 television, 📻 radio,
🔉 speaker medium volume, 🔔 bell, ⏳ hourglass not done, ⏰ alarm clock, ⌚ watch, 🔒 locked, 🔑 key, 🔎 magnifying glass tilted right, 💡 light bulb,
🔦 flashlight, 🔌 electric plug, 🔋 battery, 🚿 shower, 🚽 toilet, 🔧 wrench, 🔨 hammer, 🚪 door, 🚬 cigarette, 💣 bomb, 🔫 water pistol,
🔪 kitchen knife, 💊 pill, 💉 syringe, 💰 money bag, 💵 dollar banknote, 💳 credit card, ✉️ envelope, 📫 closed mailbox with raised flag, 📦 package,
📅 calendar, 📁 file folder, ✂️ scissors, 📌 pushpin, 📎 paperclip, ✒️ black nib, ✏️ pencil, 📐 triangular ruler, 📚 books, 🔬 microscope,
🔭 telescope, 🎨 artist palette, 🎬 clapper board, 🎤 microphone, 🎧 headphone, 🎵 musical note, 🎹 musical keyboard, 🎻 violin, 🎺 trumpet, 🎸 guitar,
👾 alien monster, 🎮 video game, 🃏 joker, 🎲 game die, 🎯 bullseye, 🏈 american football, 🏀 basketball, ⚽ soccer ball, ⚾ baseball, 🎾 tennis,
🎱 pool 8 ball, 🏉 rugby football, 🎳 bowling, 🏁 chequered flag, 🏇 horse racing, 🏆 trophy, 🏊 person swimming, 🏄 person surfing, ☕ hot beverage,
🍼 baby bottle, 🍺 beer mug, 🍷 wine glass, 🍴 fork and knife, 🍕 pizza, 🍔 hamburger, 🍟 french fries, 🍗 poultry leg, 🍱 bento box, 🍚 cooked rice,
🍜 steaming bowl, 🍡 dango, 🍳 cooking, 🍞 bread, 🍩 doughnut, 🍦 soft ice cream, 🎂 birthday cake, 🍰 shortcake, 🍪 cookie, 🍫 chocolate bar,
🍭 lollipop, 🍯 honey pot, 🍎 red apple, 🍏 green apple, 🍊 tangerine, 🍋 lemon, 🍒 cherries, 🍇 grapes, 🍉 watermelon, 🍓 strawberry, 🍑 peach,
🍌 banana, 🍐 pear, 🍍 pineapple, 🍆 eggplant, 🍅 tomato, 🌽 ear of corn, 🏡 house with garden, 🏥 hospital, 🏦 bank, ⛪ church, 🏰 castle, ⛺ tent,
🏭 factory, 🗻 mount fuji, 🗽 Statue of Liberty, 🎠 carousel horse, 🎡 ferris wheel, ⛲ fountain, 🎢 roller coaster, 🚢 ship, 🚤 speedboat, ⚓ anchor,
🚀 rocket, ✈️ airplane, 🚁 helicopter, 🚂 locomotive, 🚋 tram car, 🚎 trolleybus, 🚌 bus, 🚙 sport utility vehicle, 🚗 automobile, 🚕 taxi,
🚛 articulated lorry, 🚨 police car light, 🚔 oncoming police car, 🚒 fire engine, 🚑 ambulance, 🚲 bicycle, 🚠 mountain cableway, 🚜 tractor,
🚦 vertical traffic light, ⚠️ warning, 🚧 construction, ⛽ fuel pump, 🎰 slot machine, 🗿 moai, 🎪 circus tent, 🎭 performing arts, 🇯🇵 flag Japan,
🇰🇷 flag South Korea, 🇩🇪 flag Germany, 🇨🇳 flag China, 🇺🇸 flag United States, 🇫🇷 flag France, 🇪🇸 flag Spain, 🇮🇹 flag Italy,
🇷🇺 flag Russia, 🇬🇧 flag United Kingdom, 1️⃣ one, 2️⃣ two, 3️⃣ three, 4️⃣ four, 5️⃣ five, 6️⃣ six, 7️⃣ seven, 8️⃣ eight, 9️⃣ nine, 0️⃣ zero, 🔟 ten,
❗ red exclamation mark, ❓ red question mark, ♥️ heart suit, ♦️ diamond suit, 💯 hundred points, 🔗 link, 🔱 trident emblem, 🔴 red circle,
🔵 blue circle, 🔶 large orange diamond, 🔷 large blue diamond`;

/** Emoji and name, by the place in the list. */
export const KEY_EMOJI: readonly { emoji: string; name: string }[] = LIST.trim().split(/,\s+/).map((entry) => {
  const at = entry.indexOf(' ');
  return { emoji: entry.slice(0, at), name: entry.slice(at + 1) };
});
