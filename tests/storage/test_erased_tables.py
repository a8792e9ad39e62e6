"""No table with words in it is added without saying what becomes of them when a resident goes."""

from __future__ import annotations

from sqlalchemy import Column, String, Text

from storage.every_table import metadata
from storage.types import Json

LONG = 40  # characters; what is shorter holds ids and codes

EMPTIED = {
    "appointments": {"name"},
    "captures": {"outside_number"},
    "cases": {"title", "result", "rating_text", "slots", "proof"},
    "collective_members": {"what"},
    "confirmations": {"court", "number"},
    "conversations": {"title", "preview", "dialogue"},
    "duties": {"note"},
    "files": {"name"},
    "mediations": {"sessions", "agreement"},
    "moves": {"text"},
    "notes": {"text"},
    "outbox": {"text", "extra"},
    "promises": {"what"},
    "receptions": {"decision"},
    "reclassifications": {"issue", "lines", "reason"},
    "slips": {"action", "answers"},
    "turns": {"text", "extra"},
    "whistle_calls": {"opinion", "reason", "instead"},
    "whistles": {"place", "matter", "result"},
}
"""Emptied (or deleted) with the case or the conversation: casework.desk.privacy."""

NOBODYS_WORDS = {
    "alerts": {"called"},  # ids of officers
    "calendars": {  # what an office offers
        "title",
        "place",
        "spans",
        "weekdays",
        "days",
        "closed_days",
        "materials",
        "categories",
    },
    "captures": {"client_id"},
    "cases": {"level_dues", "linked"},
    "collective_items": {"what", "who", "money"},  # an office's plan, read out to all households
    "collectives": {"summary"},  # said to all households, numbers covered
    "conversations": {"chat", "handoff_reason", "unreachable"},
    "events": {"actor_name", "data"},  # ids and numbers, see casework.events.Event
    "files": {"mime"},
    "group_codes": {"code_hash"},
    "groups": {"chat", "title"},  # a group an officer has bound
    "links": {"name", "respondent", "place"},  # what hangs on a wall
    "officer_chats": {"chat"},
    "officers": {"name", "username", "password_hash", "posts", "phone"},
    "outbox": {"chat", "error"},
    "places": {"name", "address", "hours", "aliases", "phone"},
    "sessions": {"token_hash", "csrf_token"},
    "reclassifications": {"model"},
    "turns": {"external_id", "delivery_error"},
    "units": {"name", "path", "boundary", "successors", "code"},
    "whistle_calls": {"acknowledged_name", "arrived_name", "answered_name", "declined_name"},
    "whistles": {"number", "helpers"},
}
"""What the house says of itself, and addresses without which nobody could be told anything."""


def holds_words(column: Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, Text | Json):
        return True
    return isinstance(kind, String) and (kind.length or LONG) >= LONG


def test_every_column_with_words_is_emptied_or_holds_nobodys() -> None:
    undecided = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if holds_words(column)
        and column.name not in EMPTIED.get(table.name, set()) | NOBODYS_WORDS.get(table.name, set())
    }
    assert undecided == set()


def test_the_lists_name_what_there_is() -> None:
    for known in (EMPTIED, NOBODYS_WORDS):
        for table, columns in known.items():
            assert columns <= set(metadata.tables[table].columns.keys()), table
