"""The names a line can be given: fifteen complaint categories and twenty conversation acts."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final[tuple[str, ...]] = (
    "wage_arrears",
    "labour_other",
    "property_management",
    "housing_developer",
    "neighbour_dispute",
    "environment_noise",
    "public_facility",
    "land_demolition",
    "family_marriage",
    "social_benefit",
    "consumer",
    "traffic_parking",
    "education",
    "healthcare",
    "other",
)
"""The categories of a complaint, in the order of the contract."""

CORE_CATEGORIES: Final[tuple[str, ...]] = (
    "wage_arrears",
    "property_management",
    "neighbour_dispute",
)
"""The categories with a full intake form; their figures are reported apart."""

ACTS: Final[tuple[str, ...]] = (
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "ask_human",
    "ask_status",
    "urge",
    "withdraw",
    "correct",
    "dont_know",
    "skip",
    "anonymous",
    "ask_capability",
    "consult_policy",
    "praise",
    "suggest",
    "chitchat",
    "abuse",
    "inform",
)
"""What a line does in the conversation. ``inform`` gives facts: a complaint or an answer."""

INTENTS: Final[tuple[str, ...]] = CATEGORIES + ACTS
"""Every intent name the training data may use."""
