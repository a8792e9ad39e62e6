"""A local Bot API server: behaves as Telegram's as far as jiesu uses it, with a page to chat on."""
