"""What the carrier says is kept in the open, so that no telephone number may stand in it."""

from __future__ import annotations

import pytest

from crisis_hub.application.ports import CarrierBusy, CarrierRefused, OutcomeUnknown


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Invalid 'To' Phone Number: +15550100900", "Invalid 'To' Phone Number: (number)"),
        ("The number 1-555-010-0900 is not reachable", "The number (number) is not reachable"),
        ("(555) 010.0900 and +48 601 100 200", "(number) and (number)"),
        ("no answer within 4 seconds", "no answer within 4 seconds"),
        ("the carrier answers 503", "the carrier answers 503"),
        ("error 21610 of 2026", "error 21610 of 2026"),
    ],
)
def test_numbers_are_struck_out_of_what_the_carrier_said(said: str, kept: str) -> None:
    refused = CarrierRefused("21211", said)

    assert (refused.reason, str(refused)) == (kept, f"{kept} (21211)")
    assert (str(CarrierBusy(said)), str(OutcomeUnknown(said))) == (kept, kept)
