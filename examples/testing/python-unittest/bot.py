"""A shopping list: whatever somebody writes is put on it, /list shows it as buttons, and a pressed button strikes an item off.

python-telegram-bot 13. Run: BOT_TOKEN=... python3 bot.py (API_ROOT names another server than Telegram's).
"""
import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import CallbackQueryHandler, CommandHandler, Filters, MessageHandler, Updater

EMPTY = "Nothing to buy."


def keyboard(items):
    return InlineKeyboardMarkup([[InlineKeyboardButton(item, callback_data=number)] for number, item in items.items()])


def start(update, context):
    update.message.reply_text(f"Hello, {update.effective_user.first_name}! Tell me what to buy.")


def add(update, context):
    items = context.chat_data.setdefault("items", {})
    # Not the place in the list, which changes: a button of an old message must not strike off something else.
    items[str(update.message.message_id)] = update.message.text
    update.message.reply_text(f"{update.message.text} is on the list, which has {len(items)} now.")


def show(update, context):
    items = context.chat_data.get("items", {})
    if items:
        update.message.reply_text("To buy:", reply_markup=keyboard(items))
    else:
        update.message.reply_text(EMPTY)


def strike(update, context):
    query = update.callback_query
    items = context.chat_data.get("items", {})
    if query.data not in items:
        query.answer("That was bought already")
        return
    query.answer(f"Bought: {items.pop(query.data)}")
    if items:
        query.edit_message_text("To buy:", reply_markup=keyboard(items))
    else:
        query.edit_message_text(EMPTY)


def main():
    root = os.environ.get("API_ROOT", "https://api.telegram.org")
    updater = Updater(os.environ["BOT_TOKEN"], base_url=f"{root}/bot", base_file_url=f"{root}/file/bot")
    updater.dispatcher.add_handler(CommandHandler("start", start))
    updater.dispatcher.add_handler(CommandHandler("list", show))
    updater.dispatcher.add_handler(CallbackQueryHandler(strike))
    updater.dispatcher.add_handler(MessageHandler(Filters.text & ~Filters.command, add))
    updater.start_polling()
    updater.idle()


if __name__ == "__main__":
    main()
