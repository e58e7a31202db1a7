"""Process mining: which ways cases really went."""
