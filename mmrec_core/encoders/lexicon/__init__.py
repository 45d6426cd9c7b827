"""A lexicon: English for words of other languages, built at set-up from free word lists. One file a word list."""
