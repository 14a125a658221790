"""What the page says of the engine's confidence in a reading. Pure."""

from __future__ import annotations

# Under it a reading is likelier to be wrong than right, so nobody may take it for a finding.
UNSURE_BELOW = 0.5
LIKELY, VERY_LIKELY = 0.7, 0.9


def unsure(confidence: float | None) -> bool:
    """Whether a reading of this confidence, 0 to 1, must be shown as unsure; None is a person's own."""
    return confidence is not None and confidence < UNSURE_BELOW


def said(confidence: float) -> str:
    """A confidence of 0 to 1 in words and a figure: "likely right: 8 in 10".

    The figure is rounded down and never reaches 10: no reading is certain.
    """
    # 0.29 * 100 is 28.999…: a hair is added before cutting.
    tenths = min(int(confidence * 10 + 1e-9), 9)
    if confidence >= VERY_LIKELY:
        words = "very likely right"
    elif confidence >= LIKELY:
        words = "likely right"
    elif confidence >= UNSURE_BELOW:
        words = "rather right than wrong"
    else:
        words = "unsure reading, check it"
    return f"{words}: {f'{tenths} in 10' if tenths else 'less than 1 in 10'}"
