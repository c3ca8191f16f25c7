"""Signing in, and who is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from crisis_hub.domain.vocabulary import Role
from crisis_hub.web.schemas.base import In, Out


class LoginIn(In):
    """A sign-in; a password is taken as it is, blanks and all."""

    model_config = ConfigDict(str_strip_whitespace=False)

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]
    code: Annotated[str | None, Field(max_length=100)] = None


class PersonOut(Out):
    """Who is signed in; `role` is the first of `roles`."""

    id: str
    name: str
    role: Role
    roles: list[Role]
    languages: list[str]


class LoginOut(Out):
    """A session: the token for programs, the CSRF word for browsers."""

    token: str
    expires_at: datetime
    csrf: str
    person: PersonOut


class MeOut(Out):
    """Who I am, and what this place is called."""

    person: PersonOut
    csrf: str
    service: str
    drill: bool
    expires_at: datetime
