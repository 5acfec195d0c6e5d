"""Speaker and channels as a line of text, for exports to people and annotators."""

from __future__ import annotations

from quotes.records import Quote


def speaker_line(quote: Quote) -> str:
    """Return the speaker with role and handle: "Ana Lee, the mayor (@lee)"; "nobody named" if there is none."""
    speaker = quote.speaker
    if speaker is None:
        return "nobody named"
    role = f", {speaker.role}" if speaker.role else ""
    handle = f" ({speaker.handle})" if speaker.handle else ""
    return f"{speaker.name}{role}{handle}"


def channel_line(quote: Quote) -> str:
    """Return the channels and the day: "on X, via CBC News, 2025-06-10"; empty if unknown.

    The stance of words that were not said comes first: "denied", "hypothetical".
    """
    stance = [quote.stance] if quote.stance != "said" else []
    said = (f"{channel.relation} {channel.name}" for channel in quote.channels)
    return ", ".join([*stance, *said, *([quote.said_on] if quote.said_on else [])])
