// What a quote should be while a reviewer works at it: plain data, and the changes that keys and pointer make to it.

const WORD = /[\p{L}\p{M}\p{N}'’-]/u;
export const TYPES = ["direct", "mixed", "indirect", "post", "attitude"];
export const SPEAKERS = ["person", "organization", "group", "anonymous", "document", "author", "unknown"];
export const STANCES = ["said", "denied", "hypothetical"];
export const RELATIONS = ["to", "via", "on", "in"];
export const KINDS = ["outlet", "programme", "platform", "journalist", "occasion", "document", "audience"];

const place = (mention) => (mention ? { start: mention.start, end: mention.end } : null);

/** The draft that a quote's record begins with. */
export function draftOf(quote) {
  const { speaker } = quote;
  return {
    spans: quote.spans.map(place),
    type: quote.type,
    speaker: speaker ? { name: speaker.name, kind: speaker.kind, role: speaker.role, mention: place(speaker.mention) } : null,
    cue: place(quote.cue),
    said_on: quote.said_on ?? "",
    stance: quote.stance ?? "said",
    channels: quote.channels.map((c) => ({
      relation: c.relation, name: c.name, kind: c.kind, id: c.id, mention: place(c.mention),
    })),
  };
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Move an offset out of a word's middle, to its nearer edge. */
export function snapped(points, offset) {
  const inWord = (n) => n >= 0 && n < points.length && WORD.test(points.points[n]);
  if (!inWord(offset) || !inWord(offset - 1)) return offset;
  let low = offset;
  let high = offset;
  while (inWord(low - 1)) low -= 1;
  while (inWord(high)) high += 1;
  return offset - low <= high - offset ? low : high;
}

/** The next place where a word begins or ends, to the left (-1) or to the right (1). */
export function wordEdge(points, offset, direction) {
  const word = (n) => n >= 0 && n < points.length && WORD.test(points.points[n]);
  const space = (n) => n >= 0 && n < points.length && /\s/u.test(points.points[n]);
  let at = offset + direction;
  while (at > 0 && at < points.length) {
    const turns = word(at - 1) !== word(at) || (!word(at) && !space(at) !== !space(at - 1));
    if (turns && !(space(at - 1) && space(at))) return at;
    at += direction;
  }
  return Math.max(0, Math.min(points.length, at));
}

/** Set one edge of one fragment, where the fragments stay in order and inside the article. */
export function moveEdge(draft, number, edge, offset, article) {
  const spans = draft.spans.map((span) => ({ ...span }));
  const span = spans[number];
  if (edge === "start") {
    const low = number > 0 ? spans[number - 1].end : article.start;
    span.start = Math.min(Math.max(offset, low), span.end - 1);
  } else {
    const high = number + 1 < spans.length ? spans[number + 1].start : article.end;
    span.end = Math.max(Math.min(offset, high), span.start + 1);
  }
  return { ...draft, spans };
}

/** Put a stretch into the quote: in place of all, or beside what is there, joined where they touch. */
export function withSpan(draft, span, beside) {
  const every = [...(beside ? draft.spans : []), span].sort((a, b) => a.start - b.start);
  const spans = [];
  for (const one of every) {
    const last = spans.at(-1);
    if (last && one.start <= last.end) last.end = Math.max(last.end, one.end);
    else spans.push({ ...one });
  }
  return { ...draft, spans };
}

/** Cut blank space off the ends of a stretch; null where nothing is left. */
export function trimmed(points, start, end) {
  let low = start;
  let high = end;
  while (low < high && /\s/u.test(points.points[low])) low += 1;
  while (high > low && /\s/u.test(points.points[high - 1])) high -= 1;
  return low < high ? { start: low, end: high } : null;
}

/** Everybody who is credited with something in the article, once each, as their first quote tells of them. */
export function speakersOf(record) {
  const found = new Map();
  for (const { speaker } of record.quotes) if (speaker && !found.has(speaker.name)) found.set(speaker.name, speaker);
  return [...found.values()];
}

/** Guess which words near the quote credit a speaker: the name, its last word, or how the article says it elsewhere. */
export function creditNear(points, record, name, spans) {
  const { article, quotes } = record;
  if (!spans.length) return null;
  const low = edgeOfParagraph(points, spans[0].start, -1, article.start);
  const high = edgeOfParagraph(points, spans.at(-1).end, 1, article.end);
  const known = quotes.filter((q) => q.speaker?.name === name && q.speaker.mention).map((q) => q.speaker.mention);
  const forms = [name, ...known.map((m) => m.text), name.split(/\s+/u).at(-1)].filter(Boolean);
  const distance = (at) => Math.min(...spans.map((s) => (at < s.start ? s.start - at : Math.max(0, at - s.end))));
  for (const form of new Set(forms)) {
    const wanted = Array.from(form);
    const places = [];
    for (let at = low; at + wanted.length <= high; at += 1) {
      const end = at + wanted.length;
      const fits = wanted.every((point, n) => points.points[at + n] === point);
      const alone = !WORD.test(points.points[at - 1] ?? " ") && !/[\p{L}\p{N}]/u.test(points.points[end] ?? " ");
      if (fits && alone && spans.every((s) => end <= s.start || at >= s.end)) places.push({ start: at, end });
    }
    if (places.length) return places.sort((a, b) => distance(a.start) - distance(b.start))[0];
  }
  return null;
}

function edgeOfParagraph(points, from, direction, limit) {
  let at = from;
  while (at !== limit && points.points[direction < 0 ? at - 1 : at] !== "\n") at += direction;
  return at;
}

/**
 * The verdict that counts for each quote, as the server counts: the last one that was not taken back, and that was
 * given on the record as it is now; or, with `stale`, the last one that was given on another record.
 */
export function standing(verdicts, { stale = false } = {}) {
  const undone = new Set(verdicts.filter((v) => v.verdict === "undo").map((v) => v.undoes));
  const found = new Map();
  for (const v of verdicts) {
    if (v.verdict !== "undo" && !undone.has(v.id) && (v.stale ?? false) === stale) found.set(keyOf(v), v);
  }
  return found;
}

export const keyOf = (what) => `${what.article}/${what.quote}`;

/** The line of the list for a quote that a reviewer added. */
export function addedLine(verdict) {
  const quote = verdict.corrected;
  return {
    article: verdict.article, quote: quote.id, type: quote.type, confidence: 1, text: quote.text,
    speaker: quote.speaker?.name ?? null,
  };
}
