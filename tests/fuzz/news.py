"""Typical and odd parts of news, from which Hypothesis and the fuzzer build their texts."""

from __future__ import annotations

NAMES = [
    "Ann Lee", "Lee", "the mayor", "Dr. Jo Roe", "Mayor Roe", "she", "He", "the spokesperson", "a senior official",
    "the Harbour Board", "Ana Lopes, a nurse in Oslo,", "the report", "sources", "Reuters", "it", "O’Hara", "ANN LEE",
]  # fmt: skip
CUES = [
    "said", "says", "told CNN", "told the mayor", "wrote on X", "was quoted as saying by CBC News", "according to",
    "According to", "added", "adding that", "said that", "asked", "called it", "denied", "pointed out",
    "said in a statement",
    "tweeted", "whose words were", "claims", "said on Friday (June 10, 2025)",
]  # fmt: skip
WORDS = [
    "the bridge is shut", "We will not go.", "It rained", "Why?", "in Tehran", "on Monday", "not now", "the “old” one",
    "6'2\"", "the '90s", "don't", "10 per cent", "No.", "and", "that", "but", "Mr.", "U.S.", "$5", "a.m.",
]  # fmt: skip
MARKS = [
    "“", "”", '"', "'", "‘", "’", "«", "»", "„", "‟", "``", "''", "″", "‹", "›", "「", "」", "`", "—", "–",
    "-", "(", ")", "[",
]  # fmt: skip
STOPS = [",", ".", "!", "?", ";", ":", "…", "...", ",”", ".”", '."', ',"', "?’", "”,"]
GAPS = [
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\t",
    "\u00a0",
    "\u200b",
    "\u2028",
    "\r",
    "  ",
    "\ufeff",
    "",
]
ODD = [
    "\U0001f600", "\U0001f468\u200d\U0001f469", "e\u0301", "\u202e", "\u05d0\u05d1", "\u00ad", "\x00",
    "\x07", "\U0010ffff",
    "\ufffe", "中文", "İ", "ß", "ﬁ",
]  # fmt: skip
LINES = [
    "\nRemove Ads\n", "\n11 minutes ago\n", "\n- The Hindu\n", "\nThe Hindu\n", "\nRelated Articles\n", "\nComments\n",
    "\nNo comments yet. Be the first to comment.\n", "\nTry Our AI Features\n", "\nBy Ann Lee\n",
    "\nLONDON (Reuters) - It rained.\n", "\n(Reporting by Jo Roe)\n", "\nLEE: Why?\n", "\nROE: It is so.\n",
    "\nQ: Why?\n",
    "\nA: So.\n", "\n“It is done.” -Commissioner Lee\n", "\nWe are full. — Ann Lee (@ann) June 10, 2025\n",
    "\npic.twitter.com/abc — Jo Roe (@jo) June 31, 2025\n", "\nLee: ‘no bread today’\n",
    "\nHer words: “No bread today.”\n",
    "\nVIDEO: LEE SPEAKS\n", "\nThe builders had a message:\n“Finish it.”\n", "\n---\n", "\n* * *\n",
    "https://t.co/a1b2 ",
]  # fmt: skip
