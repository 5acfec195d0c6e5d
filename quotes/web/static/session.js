// A review in progress: what is shown, changed and decided, which it is when the server has it on its disk.
import { creditNear, draftOf, keyOf, moveEdge, same, speakersOf, trimmed, withSpan, wordEdge } from "./draft.js";
import {
  app, bareArticles, byId, call, everyQuote, exportLine, filtered, inArticle, noticed, quoteNow, recordOf, say, take, verdictOf,
} from "./state.js";
import { Points, make, offsetOf } from "./text.js";
import { WORDS, articleLines, articleText, listLines, panel } from "./view.js";

const SHOWN = 100; // lines of the list at once

// ---- what is shown

async function open(quote, { quiet = false } = {}) {
  if (!quote) {
    Object.assign(app, { current: null, record: null, draft: null, began: null });
    showDone();
    return;
  }
  try {
    const record = await recordOf(quote.article);
    const found = quoteNow(record, quote.quote);
    if (!found) return;
    app.current = keyOf(quote);
    app.record = record;
    app.points = new Points(record.article.text);
    app.began = draftOf(found);
    app.draft = draftOf(found);
    if (!quiet) say("");
    show(true);
  } catch (error) {
    say(error.message, true);
  }
}

function chosen() {
  return everyQuote().find((quote) => keyOf(quote) === app.current);
}

function show(scroll = false) {
  showProgress();
  showList();
  byId("accept-word").textContent = dirty() ? "Save" : "Accept";
  for (const id of ["accept", "reject"]) byId(id).disabled = !app.draft;
  if (!app.draft) return;
  const quote = chosen();
  showHead();
  showText(scroll);
  const kept = focusOf();
  byId("panel").replaceChildren(
    ...panel(app.record, quoteNow(app.record, quote.quote), app.draft, app.points, {
      verdict: verdictOf(quote), stale: app.stale.get(keyOf(quote)), dirty: dirty(), change, pickSpeaker, typeSpeaker: pickSpeaker,
    }),
  );
  kept?.();
}

function showHead() {
  const { article } = app.record;
  byId("about").textContent = [article.outlet?.name, article.published, article.title ? article.source : null].filter(Boolean).join(" · ");
  byId("title").textContent = article.title ?? article.source;
}

/** The panel is made anew at each change: give the focus back to the field that had it. */
function focusOf() {
  const fields = () => [...byId("panel").querySelectorAll("input, select, button")];
  const at = fields().indexOf(document.activeElement);
  return at < 0 ? null : () => fields()[Math.min(at, fields().length - 1)]?.focus({ preventScroll: true });
}

function showText(scroll) {
  const article = app.record.article.id;
  const current = chosen()?.quote ?? null;
  byId("text").replaceChildren(
    ...articleText(app.points, app.record, app.draft, {
      current, verdictOf: inArticle(article), onPick: (id) => leaveTo({ article, quote: id }),
    }),
  );
  if (scroll) byId("text").querySelector("mark")?.scrollIntoView({ block: "center", behavior: "instant" });
}

function showProgress() {
  const done = app.quotes.filter(verdictOf).length;
  byId("progress").max = Math.max(1, app.quotes.length);
  byId("progress").value = done;
  byId("count").textContent = `${done} of ${app.quotes.length}`;
}

function showList() {
  if (byId("filter").value === "bare") {
    const bare = bareArticles();
    byId("list").replaceChildren(...articleLines(bare, app.record?.article.id, (id) => (dirty() ? leaveTo(null) : openBare(id))));
    byId("none").hidden = bare.length > 0;
    byId("pages").hidden = true;
    return;
  }
  const every = filtered();
  const at = Math.max(0, every.findIndex((quote) => keyOf(quote) === app.current));
  if (app.listed !== app.current) {
    // Paging leaves the current quote; a new one comes into view.
    if (at < app.from || at >= app.from + SHOWN) app.from = at - 5;
    app.listed = app.current;
  }
  app.from = Math.max(0, Math.min(app.from, every.length - SHOWN));
  const part = every.slice(app.from, app.from + SHOWN);
  byId("list").replaceChildren(
    ...listLines(part, app.current, { articles: app.articles, verdictOf, onPick: (quote) => leaveTo(quote) }),
  );
  byId("pages").hidden = every.length <= SHOWN;
  byId("none").hidden = every.length > 0;
  byId("range").textContent = `${app.from + 1}–${app.from + part.length} of ${every.length}`;
  byId("earlier").disabled = app.from === 0;
  byId("later").disabled = app.from + SHOWN >= every.length;
  const line = byId("list").querySelector('[aria-current="true"]');
  if (line) byId("list").scrollTop = line.offsetTop - byId("list").offsetTop - 80;
}

function turn(direction) {
  app.from += direction * SHOWN;
  showList();
  byId("list").scrollTop = 0;
}

function showDone() {
  show();
  byId("about").textContent = "";
  const word = WORDS[byId("filter").value];
  let told = ["All quotes are reviewed", `Export what was decided with: ${exportLine()}`];
  if (word) told = [`No quote is ${word}`, "Choose another list under Show."];
  if (byId("filter").value === "bare") told = ["No article is without quotes", "Choose another list under Show."];
  else if (!everyQuote().length) told = ["These records hold no quotes", "Choose the articles without quotes under Show to add some."];
  [byId("title").textContent, byId("text").textContent] = told;
  byId("panel").replaceChildren();
}

// ---- articles in which no quote was found

/** Open the first article without quotes, where these are what is listed; return whether they are. */
async function openBare(id = bareArticles()[0]?.[0]) {
  if (byId("filter").value !== "bare") return false;
  if (!id) await open(null);
  else await openArticle(id);
  return true;
}

async function openArticle(id) {
  try {
    const record = await recordOf(id);
    Object.assign(app, { current: null, record, points: new Points(record.article.text), draft: null, began: null });
    show();
    showHead();
    showText(false);
    const told = make("p", { class: "state" }, "No quote was found in this article. Select words in it, and press N to add them as one.");
    byId("panel").replaceChildren(told);
    say("");
  } catch (error) {
    say(error.message, true);
  }
}

// ---- what is changed

const dirty = () => app.draft !== null && !same(app.draft, app.began);

function change(fields) {
  if (!app.draft) return;
  app.draft = { ...app.draft, ...fields };
  show();
}

function pickSpeaker(name) {
  const plain = name.trim().replace(/\s+/gu, " ");
  if (!plain) return change({ speaker: null });
  const own = app.began.speaker?.name === plain ? app.began.speaker : null;
  const known = speakersOf(app.record).find((speaker) => speaker.name === plain);
  const mention = own?.mention ?? creditNear(app.points, app.record, plain, app.draft.spans);
  return change({ speaker: { name: plain, kind: known?.kind ?? own?.kind ?? "person", role: known?.role ?? own?.role ?? null, mention } });
}

function nudge(edge, direction) {
  if (!app.draft?.spans.length) return;
  const number = edge === "start" ? 0 : app.draft.spans.length - 1;
  const offset = wordEdge(app.points, app.draft.spans[number][edge], direction);
  app.draft = moveEdge(app.draft, number, edge, offset, app.record.article);
  show();
}

function selected() {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !app.record) return null;
  const range = selection.getRangeAt(0);
  if (!byId("text").contains(range.startContainer) || !byId("text").contains(range.endContainer)) return null;
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  return start === null || end === null ? null : trimmed(app.points, start, end);
}

function useSelection(key) {
  const span = selected();
  if (!span) {
    say("Select some words of the article first.", true);
    return;
  }
  window.getSelection().removeAllRanges();
  byId("selection").hidden = true;
  say("");
  if (key === "n") addQuote(span);
  else if (!app.draft) say("No quote is under review: N adds the selected words as one.", true);
  else if (key === "q") change(withSpan(app.draft, span, false));
  else if (key === "w") change(withSpan(app.draft, span, true));
  else if (key === "e") change({ cue: span });
  else if (key === "m") {
    const words = app.points.slice(span.start, span.end);
    const speaker = app.draft.speaker ?? { name: words, kind: "unknown", role: null };
    change({ speaker: { ...speaker, mention: span } });
  }
}

// ---- what is decided

/** Let one act at a time through: a key pressed while the next quote comes must not decide what nobody has seen. */
function alone(act) {
  return async (...given) => {
    if (app.busy) return;
    app.busy = true;
    try {
      await act(...given);
    } finally {
      app.busy = false;
    }
  };
}

async function decide(verdict, extra = {}, about = chosen()) {
  if (!about) return null;
  const reviewer = byId("reviewer").value.trim();
  if (!reviewer) {
    say("Who reviews? Put in a name first.", true);
    byId("reviewer").focus();
    return null;
  }
  try {
    const data = await call(`/api/verdicts?after=${app.number}`, {
      article: about.article, quote: about.quote, verdict, reviewer, ...extra,
    });
    const others = take(data).filter((v) => v.id !== data.id && keyOf(v) === keyOf(about) && v.verdict !== "undo");
    const told = others.length ? ` ${others.at(-1).reviewer} had ${WORDS[others.at(-1).verdict]} it meanwhile; yours counts now.` : "";
    return { id: data.id, told: told + noticed(data) };
  } catch (error) {
    say(`Not saved: ${error.message}`, true);
    return null;
  }
}

const accept = alone(async () => {
  const quote = chosen();
  if (!quote) return;
  const corrected = dirty() || verdictOf(quote)?.verdict === "correct";
  if (verdictOf(quote)?.verdict === "add") {
    await (dirty() ? replaceAdded(quote) : next());
    return;
  }
  await decideAndGo(corrected ? "correct" : "accept", corrected ? { corrected: app.draft } : {});
});

async function decideAndGo(verdict, extra = {}) {
  const quote = chosen();
  const after = following(1);
  const done = await decide(verdict, extra);
  if (!done) return;
  app.mine.push({ id: done.id, article: quote.article, quote: quote.quote });
  await open(after, { quiet: true });
  say(`${WORDS[verdict][0].toUpperCase()}${WORDS[verdict].slice(1)}.${done.told}`);
}

async function replaceAdded(quote) {
  const before = verdictOf(quote);
  const draft = app.draft;
  if (!(await decide("undo", { undoes: before.id }, quote))) return;
  const done = await decide("add", { corrected: draft }, quote);
  if (!done) return;
  const now = app.verdicts.find((v) => v.id === done.id);
  app.mine.push({ id: done.id, article: now.article, quote: now.quote });
  await open({ article: now.article, quote: now.quote }, { quiet: true });
  say("Saved.");
}

const reject = alone(async () => {
  const quote = chosen();
  if (!quote) return;
  const verdict = verdictOf(quote);
  if (verdict?.verdict !== "add") {
    await decideAndGo("reject");
    return;
  }
  const after = following(1);
  if (!(await decide("undo", { undoes: verdict.id }, quote))) return;
  await open(after, { quiet: true });
  say("Taken out again.");
});

const undo = alone(async () => {
  const quote = chosen();
  const onThis = quote ? verdictOf(quote) : null;
  let last = null;
  while (!last && app.mine.length) {
    const one = app.mine.pop();
    if ([...app.standing.values()].some((v) => v.id === one.id)) last = one;
  }
  last ??= onThis ? { id: onThis.id, article: onThis.article, quote: onThis.quote } : null;
  if (!last) {
    say("There is nothing to undo.");
    return;
  }
  const done = await decide("undo", { undoes: last.id }, last);
  if (!done) {
    app.mine.push(last);
    return;
  }
  const back = everyQuote().find((one) => keyOf(one) === keyOf(last));
  await open(back ?? following(0) ?? filtered()[0], { quiet: true });
  say("Undone.");
});

const addQuote = alone(async (span) => {
  const article = app.record.article.id;
  const text = app.points.slice(span.start, span.end);
  const type = /^["“«„'‘]/u.test(text) ? "direct" : "indirect";
  const corrected = { spans: [span], type, speaker: null, cue: null, channels: [], said_on: "", stance: "said" };
  const done = await decide("add", { corrected }, { article, quote: "new" });
  if (!done) return;
  const verdict = app.verdicts.find((v) => v.id === done.id);
  app.mine.push({ id: done.id, article, quote: verdict.quote });
  await open({ article, quote: verdict.quote }, { quiet: true });
  say("Added: now pick who said it, and save.");
});

// ---- moving about

function following(step) {
  const every = filtered();
  const at = every.findIndex((quote) => keyOf(quote) === app.current);
  const open = byId("filter").value === "open";
  const rest = step < 0 ? every.slice(0, at).reverse() : [...every.slice(at + step), ...every.slice(0, Math.max(0, at))];
  return rest.find((quote) => keyOf(quote) !== app.current && (!open || !verdictOf(quote))) ?? null;
}

function leaveTo(quote) {
  if (dirty()) {
    say("The changes are not saved: A saves them, Esc drops them.", true);
    return;
  }
  open(quote);
}

const next = () => {
  const quote = following(1);
  const done = !app.current || (byId("filter").value === "open" && verdictOf(chosen()));
  if (quote) leaveTo(quote);
  else if (done && !dirty()) open(null);
};
const back = () => { const quote = following(-1); if (quote) leaveTo(quote); };

function drop() {
  if (!app.draft) return;
  app.draft = app.began;
  window.getSelection()?.removeAllRanges();
  say("");
  show();
}

export {
  accept, app, back, byId, call, change, chosen, dirty, drop, everyQuote, filtered, following, next, noticed, nudge, open,
  openBare, pickSpeaker, reject, say, selected, show, showText, take, turn, undo, useSelection,
};
