"""Who is credited and how the words came, as a line for people: what exports for people and annotators share."""

from __future__ import annotations

from quotes.records import Quote


def speaker_line(quote: Quote) -> str:
    """Return the speaker with role and handle: "Ana Lee, the mayor (@lee)"; "nobody named" where there is none."""
    speaker = quote.speaker
    if speaker is None:
        return "nobody named"
    role = f", {speaker.role}" if speaker.role else ""
    handle = f" ({speaker.handle})" if speaker.handle else ""
    return f"{speaker.name}{role}{handle}"


def channel_line(quote: Quote) -> str:
    """Return how the words came and when: "on X, via CBC News, 2025-06-10"; nothing where it is not known.

    Before it stands the stance of what was not said: "denied", "hypothetical".
    """
    stance = [quote.stance] if quote.stance != "said" else []
    said = (f"{channel.relation} {channel.name}" for channel in quote.channels)
    return ", ".join([*stance, *said, *([quote.said_on] if quote.said_on else [])])
