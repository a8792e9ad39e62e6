"""A resident's web chat token: which conversation it opens and until when, signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.problems import Problem

LIFETIME = timedelta(days=90)
MOST_KNOWN = 5_000
_PURPOSE = b"jiesu web chat token"


@dataclass(frozen=True, slots=True)
class ChatPass:
    """What a valid token says."""

    conversation_id: str
    expires_at: datetime


class ChatTokens:
    """Makes and reads tokens under one secret."""

    def __init__(self, secret: str) -> None:
        # A key of its own, so that no other signature made with the secret is worth anything here.
        self._key = hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)
        # Computing a signature lets go of the interpreter, and getting it back from a busy writer
        # thread costs more than the signature: residents in talk are remembered.
        self._known: OrderedDict[str, ChatPass] = OrderedDict()

    def issue(self, conversation_id: str, now: datetime) -> str:
        """A token good for ``LIFETIME``."""
        expires = int((now + LIFETIME).timestamp())
        said = f"{conversation_id}.{expires}"
        token = f"{said}.{self._signature(said)}"
        opens = ChatPass(conversation_id, datetime.fromtimestamp(expires, UTC))
        return self._remember(token, opens)

    def read(self, token: str, now: datetime) -> ChatPass:
        """What the token opens. Raises Problem: session_invalid or session_expired."""
        found = self._known.get(token) or self._verified(token)
        if found.expires_at <= now:
            raise Problem("session_expired")
        return found

    def _verified(self, token: str) -> ChatPass:
        said, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            raise Problem("session_invalid")
        conversation_id, _, expires = said.rpartition(".")
        found = ChatPass(conversation_id, datetime.fromtimestamp(int(expires), UTC))
        self._remember(token, found)
        return found

    def _remember(self, token: str, opens: ChatPass) -> str:
        self._known[token] = opens
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return token

    def _signature(self, said: str) -> str:
        digest = hmac.digest(self._key, said.encode("utf-8", "replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
