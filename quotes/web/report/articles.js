"use strict";
// The articles with their quotes marked in the running text; without text, the quotes alone.

const ORDERS = {
  given: "As in the records",
  newest: "Newest first",
  most: "Most quotes first",
};
const ARTICLES_A_PAGE = 10;
let order = "given";

function showArticles(view, { at = null } = {}) {
  const articles = ordered(shown.articles);
  offerOrder(ORDERS, order, (value) => { order = value; });
  const bare = data.articles.some((article) => article.text === null);
  put(
    view,
    make("h2", { class: "visually-hidden" }, "Articles"),
    bare && make("p", { class: "note" }, "Some records hold no text, so their quotes stand without it. ", make("code", {}, "quotes extract --with-text"), " saves records that show each quote in its article."),
  );
  if (!articles.length) return view.append(nothing());
  const found = at === null ? 0 : articles.indexOf(at);
  return paged(view, articles, { size: ARTICLES_A_PAGE, noun: "article", render: articleCard, at: Math.max(found, 0) });
}

const nothing = () =>
  !data.quotes.length ? make("p", { class: "nothing" }, data.articles.length ? "No quote was found in these articles." : "These records hold no articles: extract some with quotes extract FILES --with-text -o records.jsonl.") : make("div", { class: "nothing" }, make("p", {}, "No quote matches these filters."), make("button", { type: "button", on: { click: clearAll } }, "Clear all filters"));

function ordered(articles) {
  if (order === "given") return articles;
  const key = order === "newest" ? (a) => Date.parse(dateOf(a) || "0001-01-01") : (a) => kept(a).length;
  return [...articles].sort((a, b) => key(data.articles[b]) - key(data.articles[a]) || a - b);
}

/** The numbers of an article's quotes that answer. */
function kept(article) {
  const [first, last] = article.quotes;
  return Array.from({ length: last - first }, (_, i) => first + i).filter((index) => shown.keep[index]);
}

function articleCard(index) {
  const article = data.articles[index];
  const answers = kept(article).length;
  const all = article.quotes[1] - article.quotes[0];
  const heading = `article-${index}`;
  const [title, body] = headed(article);
  return make(
    "article",
    { class: "article", "aria-labelledby": heading },
    make(
      "header",
      {},
      make("p", { class: "imprint" }, imprint(article)),
      make("h3", { id: heading, dir: "auto" }, title),
      make(
        "p",
        { class: "source" },
        answers === all ? plural(all, "quote") : `${answers.toLocaleString("en")} of ${plural(all, "quote")}`,
        " · ",
        isolated(article.source, { class: "path" }),
        article.url && " · ",
        article.url && address(article.url),
      ),
    ),
    article.text === null ? quoteList(kept(article), { place: false }) : make("div", { class: "text", lang: language(article) }, body.map((runs) => paragraph(runs))),
  );
}

/** The heading and the paragraphs: a headline that the text begins with is the heading, with its quotes marked. */
function headed(article) {
  const [first, ...rest] = article.text ?? [];
  const plain = (first ?? []).map((run) => (typeof run === "string" ? run : run[0])).join("").trim();
  if (!first || plain !== titleOf(article).trim()) return [titleOf(article), article.text];
  const begun = new Set();
  return [first.map((run) => (typeof run === "string" ? run : marked(run, begun))), rest];
}

const language = (article) => (/^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(article.language || "") ? article.language : null);

/** A paragraph with its quotes marked, and beside it who speaks in it. */
function paragraph(runs) {
  const speakers = new Map();
  const begun = new Set();
  const line = make("p", { dir: "auto" }, runs.map((run) => (typeof run === "string" ? run : marked(run, begun))));
  for (const run of runs) {
    if (typeof run === "string") continue;
    for (const index of run[1]) if (shown.keep[index]) speakers.set(speakerOf(data.quotes[index]), speakers.get(speakerOf(data.quotes[index])) ?? index);
  }
  const beside = [...speakers].map(([speaker, index]) =>
    make("li", {}, make("a", { href: `#quote-${index}`, tabindex: "-1", class: "plain-link" }, speakerLabel(speaker))),
  );
  return make("div", { class: "paragraph" }, line, beside.length ? make("ul", { class: "margin", "aria-label": "Speaking here" }, beside) : null);
}

/** A stretch of text: part of one quote or of several, or the words that credit one. */
function marked([text, said, credits], begun) {
  const answers = said.filter((index) => shown.keep[index]);
  const credit = credits.filter((index) => shown.keep[index]).join(" ");
  if (!answers.length) return make("span", { "data-credit": credit || null }, text);
  const [inner] = answers;
  const quote = data.quotes[inner];
  // One stop for the tab key a quote and paragraph: its other stretches are reached by the pointer alone.
  const first = !begun.has(inner);
  const link = text.trim() !== "";
  if (link) begun.add(inner);
  return make(
    link ? "a" : "span",
    {
      href: link && `#quote-${inner}`,
      class: `mark ${quote.type} ${colourClass(speakerOf(quote))}${answers.length > 1 ? " nested" : ""}`,
      tabindex: link && !first && "-1",
      "data-said": answers.join(" "),
      "data-credit": credit || null,
    },
    text,
  );
}

/** Quotes one below the other, each a link to its details. */
function quoteList(indices, { place }) {
  return make("ol", { class: "quote-list" }, indices.map((index) => quoteItem(index, { place })));
}

function quoteItem(index, { place }) {
  const quote = data.quotes[index];
  const speaker = speakerOf(quote);
  return make(
    "li",
    { class: `quote-item ${colourClass(speaker)}` },
    make("a", { href: `#quote-${index}`, "data-said": index, class: "quote-link" }, make("blockquote", { dir: "auto" }, saidWords(quote))),
    make(
      "p",
      { class: "quote-meta" },
      place ? [...imprint(articleOf(quote)), " · ", isolated(titleOf(articleOf(quote)), { class: "title" })] : speakerLabel(speaker),
      ` · ${quote.type}${quote.stance && quote.stance !== "said" ? ` · ${quote.stance}` : ""} · ${percent(quote.confidence)} sure`,
    ),
  );
}
