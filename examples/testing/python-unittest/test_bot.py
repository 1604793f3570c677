import os
import subprocess
import sys
import unittest

from aerogram import Cloud, CloudError

HERE = os.path.dirname(os.path.abspath(__file__))


class ShoppingList(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Cloud()
        cls.addClassCleanup(cls.cloud.stop)
        made = cls.cloud.bot("Shopping list")
        cls.bot = made["id"]
        environment = {**os.environ, "BOT_TOKEN": made["token"], "API_ROOT": cls.cloud.api_root}
        program = subprocess.Popen([sys.executable, "-W", "ignore", os.path.join(HERE, "bot.py")], env=environment)
        cls.addClassCleanup(program.wait)
        cls.addClassCleanup(program.kill)

    def setUp(self):
        # Somebody new for each test, so that no chat has a past.
        self.ann = self.cloud.person("Ann")

    def test_greets_by_name(self):
        self.ann.send(self.bot, "/start")
        self.assertEqual(self.ann.next(self.bot)["text"], "Hello, Ann! Tell me what to buy.")

    def test_has_an_empty_list_first(self):
        self.ann.send(self.bot, "/list")
        self.assertEqual(self.ann.next(self.bot)["text"], "Nothing to buy.")

    def test_shows_what_was_put_on_the_list(self):
        for number, item in enumerate(["Bread", "Milk"], start=1):
            self.ann.send(self.bot, item)
            self.ann.next(self.bot, f"{item} is on the list, which has {number}")
        self.ann.send(self.bot, "/list")
        self.assertEqual(self.ann.next(self.bot, hasButtons=True)["buttons"], [["Bread"], ["Milk"]])

    def test_strikes_off_what_was_bought(self):
        for item in ["Bread", "Milk"]:
            self.ann.send(self.bot, item)
            self.ann.next(self.bot, item)
        self.ann.send(self.bot, "/list")
        shown = self.ann.next(self.bot, hasButtons=True)
        self.assertEqual(self.ann.press(self.bot, "Bread")["text"], "Bought: Bread")
        self.assertEqual(self.ann.press(self.bot, "Milk")["text"], "Bought: Milk")
        self.ann.edited(self.bot, shown["id"], "Nothing to buy.")

    def test_does_not_show_the_list_of_others(self):
        self.ann.send(self.bot, "A present for Bob")
        self.ann.next(self.bot, "A present for Bob")
        bob = self.cloud.person("Bob")
        bob.send(self.bot, "/list")
        self.assertEqual(bob.next(self.bot)["text"], "Nothing to buy.")

    def test_has_no_button_of_an_unknown_name(self):
        self.ann.send(self.bot, "Bread")
        self.ann.next(self.bot, "Bread")
        self.ann.send(self.bot, "/list")
        self.ann.next(self.bot, hasButtons=True)
        with self.assertRaises(CloudError) as caught:
            self.ann.press(self.bot, "Wine")
        self.assertEqual(caught.exception.code, "invalid")


if __name__ == "__main__":
    unittest.main()
