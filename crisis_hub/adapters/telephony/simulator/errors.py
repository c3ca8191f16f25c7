"""The carrier's refusals, with Twilio's codes and words."""

from __future__ import annotations

_PAGE = "https://www.twilio.com/docs/errors"


class Refusal(Exception):
    """The REST API says no."""

    def __init__(self, status: int, code: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def body(self) -> dict[str, object]:
        """Return the answer's body as Twilio writes it."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"{_PAGE}/{self.code}",
            "status": self.status,
        }


def unauthorized() -> Refusal:
    """Say that the account or token is wrong."""
    return Refusal(401, 20003, "Authenticate")


def not_found(path: str) -> Refusal:
    """Say that there is no such thing."""
    return Refusal(404, 20404, f"The requested resource {path} was not found")


def too_many(retry_after: int = 1) -> Refusal:
    """Say that we ask too often."""
    return Refusal(429, 20429, "Too Many Requests", retry_after)


def unavailable(retry_after: int = 1) -> Refusal:
    """Say that the carrier takes nothing at the moment."""
    return Refusal(503, 20503, "Service is unavailable. Please try again.", retry_after)


def broken() -> Refusal:
    """Say that something broke at the carrier."""
    return Refusal(500, 20500, "An internal server error has occurred")


def missing(field: str, code: int = 21604) -> Refusal:
    """Say that a field which must be there is not."""
    return Refusal(400, code, f"A '{field}' is required.")


def invalid_to(number: str, code: int = 21211) -> Refusal:
    """Say that nobody can be reached at such a number."""
    return Refusal(400, code, f"Invalid 'To' Phone Number: {number}")


def not_ours(number: str, code: int) -> Refusal:
    """Say that the account does not own the number it wants to appear as."""
    return Refusal(
        400, code, f"The 'From' number {number} is not a valid, SMS or voice capable number of your account."
    )


def opted_out() -> Refusal:
    """Say that the person wrote STOP."""
    return Refusal(400, 21610, "Attempt to send to unsubscribed recipient")


def too_long() -> Refusal:
    """Say that a text is longer than ten pieces."""
    return Refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")


def empty_body() -> Refusal:
    """Say that a text needs words."""
    return Refusal(400, 21602, "Message body is required.")


def wrong_call_state(wish: str) -> Refusal:
    """Say that the call is already over."""
    return Refusal(400, 21220, f"Invalid call state. Call is not in-progress. Cannot {wish}.")


def wrong_value(field: str, value: str) -> Refusal:
    """Say that a field's value makes no sense."""
    return Refusal(400, 20001, f"Invalid value for {field}: {value}")


CODES = {
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
}
"""Refusals that can be ordered as a fault, besides those that follow from what was asked."""
