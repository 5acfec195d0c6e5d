// What is known in a review: records, verdicts, the quote that is open. Nothing here touches how the page looks.
import { addedLine, keyOf, standing } from "./draft.js";

const byId = (id) => document.getElementById(id);
const TOKEN = document.querySelector('meta[name="quotes-token"]').content;
const app = {
  articles: {}, quotes: [], verdicts: [], standing: new Map(), stale: new Map(), records: new Map(), notice: null,
  files: {}, current: null, points: null, record: null, draft: null, began: null, mine: [], busy: false, number: 0, from: 0, listed: null,
};

async function call(path, body) {
  const options = { headers: { "X-Quotes-Token": TOKEN } };
  if (body) Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  const response = await fetch(path, options);
  const data = await response.json();
  if (!response.ok) throw new Error(data.detail);
  return data;
}

function say(text, bad = false) {
  byId("status").textContent = text;
  byId("status").classList.toggle("bad", bad);
}

// ---- what is known

const verdictOf = (quote) => app.standing.get(keyOf(quote));
const inArticle = (article) => (quote) => app.standing.get(keyOf({ article, quote }));

/** All quotes in the order of review: as extracted, and what reviewers added behind them. */
function everyQuote() {
  const added = [...app.standing.values()].filter((v) => v.verdict === "add").map(addedLine);
  return [...app.quotes, ...added];
}

function filtered() {
  const wanted = byId("filter").value;
  const every = everyQuote();
  if (wanted === "all" || wanted === "bare") return every;
  if (wanted === "open") return every.filter((quote) => !verdictOf(quote) || keyOf(quote) === app.current);
  return every.filter((quote) => verdictOf(quote)?.verdict === wanted || keyOf(quote) === app.current);
}

async function recordOf(article) {
  if (!app.records.has(article)) app.records.set(article, await call(`/api/articles/${encodeURIComponent(article)}`));
  const record = app.records.get(article);
  const added = [...app.standing.values()].filter((v) => v.verdict === "add" && v.article === article);
  return { ...record, added: added.map((v) => v.corrected) };
}

/** The quote as it stands: as corrected or added, or else as extracted; the record's id stays. */
function quoteNow(record, id) {
  const verdict = inArticle(record.article.id)(id);
  const own = record.quotes.find((quote) => quote.id === id);
  return verdict?.corrected ? { ...verdict.corrected, id } : own;
}

function take(data) {
  const known = new Set(app.verdicts.map((v) => v.id));
  const fresh = data.verdicts.filter((v) => !known.has(v.id));
  app.verdicts = data.first === 0 ? data.verdicts : [...app.verdicts, ...fresh]; // in the order of the file
  app.number = data.number;
  app.standing = standing(app.verdicts);
  app.stale = standing(app.verdicts, { stale: true });
  return fresh;
}

/** What the server has noticed of the file of verdicts and this page has not said yet. */
function noticed(data) {
  const fresh = data.notice && data.notice !== app.notice;
  app.notice = data.notice;
  return fresh ? ` ${data.notice}.` : "";
}

/** The command that exports this very review. */
function exportLine() {
  const named = (name) => (/[^\w./-]/u.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : name);
  const own = app.files.verdicts ? ` --verdicts ${named(app.files.verdicts)}` : "";
  return `quotes review ${named(app.files.records ?? "RECORDS")}${own} --export reviewed/`;
}

/** The articles without a quote, found or added, and the one that is open. */
function bareArticles() {
  const held = new Set(everyQuote().map((quote) => quote.article));
  return Object.entries(app.articles).filter(([id]) => !held.has(id) || (!app.current && app.record?.article.id === id));
}

export {
  app, bareArticles, byId, call, everyQuote, exportLine, filtered, inArticle, noticed, quoteNow, recordOf, say, take, verdictOf,
};
