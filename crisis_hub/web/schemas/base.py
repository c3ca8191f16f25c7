"""What every shape on the wire has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Out(BaseModel):
    """Something that we send."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class PersonRef(Out):
    """A member of staff, by id and name."""

    id: str
    name: str


class In(BaseModel):
    """Something that we are sent: a field we do not know is refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
