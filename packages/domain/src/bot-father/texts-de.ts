import type { Texts } from './texts.ts';

export const german: Texts = {
  help: `Bei mir legst du Bots an und kümmerst dich um sie. Schick mir einen dieser Befehle:

/newbot – einen Bot anlegen
/mybots – deine Bots

Einen Bot ändern
/setname – seinen Namen ändern
/setabouttext – den Text auf seiner Seite
/setdescription – was ein leerer Chat mit ihm sagt
/setuserpic – sein Bild
/setcommands – seine Befehle
/setmenubutton – was der Knopf neben dem Textfeld öffnet
/setinline – Inline-Modus ein- oder ausschalten
/setinlinegeo – bei Inline-Anfragen nach dem Ort fragen
/setinlinefeedback – ihm sagen, welche Ergebnisse gesendet wurden
/setjoingroups – darf er in Gruppen aufgenommen werden?
/setprivacy – was er in Gruppen liest
/deletebot – einen Bot löschen

Sein Token
/token – anzeigen
/revoke – ersetzen

/cancel – abbrechen`,
  unknown: 'Diesen Befehl kenne ich nicht. /help nennt alle.',
  cancelled: 'Abgebrochen. Was kann ich sonst für dich tun? /help nennt alle Befehle.',
  nothingToCancel: 'Es gibt nichts abzubrechen. /help nennt alle Befehle.',
  needText: 'Bitte schick mir einen Text, oder /cancel.',
  askNewName: 'Also ein neuer Bot. Wie soll er heißen? Diesen Namen sieht man in den Chats.',
  askUsername: 'Wähle nun einen Benutzernamen. Er muss auf „bot“ enden, wie TetrisBot oder tetris_bot.',
  nameInvalid: 'Ein Name hat 1 bis 64 Zeichen. Bitte schick mir einen anderen.',
  usernameInvalid: 'Ein Benutzername hat 5 bis 32 lateinische Buchstaben, Ziffern und einzelne Unterstriche und beginnt mit einem Buchstaben. Bitte schick mir einen anderen.',
  usernameNotBot: 'Der Benutzername eines Bots muss auf „bot“ enden. Bitte schick mir einen anderen.',
  usernameTaken: 'Dieser Benutzername ist vergeben. Bitte schick mir einen anderen.',
  tooMany: (most) => `Du hast ${most} Bots, mehr sind nicht möglich. Lösche erst einen: /deletebot`,
  made: (link) => `Fertig. Du findest deinen neuen Bot unter ${link}. Das ist sein Token, mit dem sich dein Programm anmeldet:`,
  keepSecret: 'Halte es geheim: Wer das Token hat, hat die Gewalt über den Bot.',
  noBots: 'Du hast noch keine Bots. /newbot legt einen an.',
  choose: 'Welchen Bot?',
  noSuchBot: 'Einen solchen Bot hast du nicht. Wähle unten einen, oder /cancel.',
  list: 'Wähle einen deiner Bots:',
  menu: (name, username) => `${name} (@${username}). Was möchtest du tun?`,
  token: (name) => `Das Token von ${name}:`,
  revoked: (name) => `Das Token von ${name} wurde ersetzt, seine Programme wurden abgemeldet. Das neue:`,
  askDelete: (name, username) => `${name} (@${username}) wird endgültig gelöscht, mit allen Nachrichten. Schick mir dazu genau dies: Ja, löschen.`,
  deleteWords: 'Ja, löschen.',
  deleteWordsWrong: 'Es wurde nichts gelöscht. Schick genau diese Worte, oder /cancel.',
  deleted: 'Der Bot wurde gelöscht.',
  askName: 'Wie soll er von jetzt an heißen?',
  askAbout: 'Was soll auf seiner Seite über ihn stehen? Höchstens 120 Zeichen; /empty löscht den Text.',
  aboutTooLong: 'Dieser Text hat mehr als 120 Zeichen. Bitte schick mir einen kürzeren, oder /empty.',
  askDescription: 'Was soll man lesen, bevor man ihn startet? Höchstens 512 Zeichen; /empty löscht den Text.',
  descriptionTooLong: 'Dieser Text hat mehr als 512 Zeichen. Bitte schick mir einen kürzeren, oder /empty.',
  askCommands: 'Schick mir seine Befehle, einen je Zeile, etwa so; /empty löscht sie:\n\nstart - von vorn anfangen\nsettings - ändern, was ich tue',
  commandsInvalid: 'Das habe ich nicht verstanden. Ein Befehl je Zeile: sein Name in Kleinbuchstaben, Ziffern und Unterstrichen, ein Strich, und was er tut.',
  askFeedback: 'Von wie viel Prozent der gesendeten Ergebnisse soll er erfahren? 0 bis 100.',
  feedbackInvalid: 'Bitte schick mir eine Zahl von 0 bis 100.',
  askPlaceholder: 'Was soll im Textfeld stehen, während jemand eine Inline-Anfrage schreibt? Das schaltet den Inline-Modus ein; /empty schaltet ihn aus.',
  placeholderInvalid: 'Dieser Text hat 1 bis 64 Zeichen. Bitte schick mir einen anderen, oder /empty.',
  askPicture: 'Schick mir ein Foto, und es wird das Bild des Bots; /empty löscht alle seine Bilder.',
  noPicture: 'Das ist kein Foto. Bitte schick mir eines als Foto und nicht als Datei, oder /empty, wenn er kein Bild haben soll, oder /cancel.',
  pictureInvalid: 'Dieses Foto kann ich nicht verwenden: Vielleicht ist es zu klein oder beschädigt. Bitte schick mir ein anderes, oder /cancel.',
  askMenuButton: (opensCommands) => `Zurzeit ${opensCommands ? 'öffnet der Knopf neben dem Textfeld die Befehle des Bots' : 'ist der Knopf neben dem Textfeld so, wie Apps ihn von sich aus zeigen'}. Was soll er tun?`,
  menuCommands: 'Befehle öffnen',
  menuDefault: 'Standard',
  noMiniApps: 'Ein Link würde eine Mini-App öffnen, und die hat dieser Server nicht. Der Knopf kann die Befehle öffnen oder so sein, wie Apps ihn von sich aus zeigen. Bitte nimm die beiden Tasten unten, oder /cancel.',
  askPrivacy: (isOn) => `Der Privatsphäre-Modus ist ${isOn ? 'an: In Gruppen liest der Bot nur, was für ihn gedacht ist' : 'aus: Der Bot liest in seinen Gruppen alles'}. Eine Änderung gilt für Gruppen, in die er danach kommt.`,
  askGroups: (isOn) => `Zurzeit kann der Bot ${isOn ? '' : 'nicht '}in Gruppen aufgenommen werden.`,
  askInlineGeo: (isOn) => `Zurzeit bieten Apps ${isOn ? '' : 'nicht '}an, bei Inline-Anfragen den Ort mitzuschicken.`,
  enable: 'Einschalten',
  disable: 'Ausschalten',
  useKeys: 'Bitte nimm die beiden Tasten unten, oder /cancel.',
  done: 'Fertig. /help nennt, was ich sonst kann.',
  buttons: {
    token: 'Token anzeigen',
    revoke: 'Token ersetzen',
    name: 'Namen ändern',
    about: 'Text auf der Seite',
    description: 'Beschreibung',
    commands: 'Befehle',
    picture: 'Bild',
    inline: 'Inline-Modus',
    menuButton: (opensCommands) => `Menüknopf: ${opensCommands ? 'öffnet Befehle' : 'Standard'}`,
    privacy: (isOn) => `Privatsphäre-Modus: ${isOn ? 'an' : 'aus'}`,
    groups: (isOn) => `Gruppen: ${isOn ? 'erlaubt' : 'nicht erlaubt'}`,
    deletion: 'Bot löschen',
    deleteNow: 'Ja, löschen',
    keep: 'Nein, behalten',
    back: '« Zurück',
    backToList: '« Alle Bots',
  },
};
