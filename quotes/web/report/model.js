"use strict";
// The records, what is asked of them, and which quotes answer. Nothing here touches the page.

const data = JSON.parse(document.getElementById("records").textContent);

const STANCES = { denied: "denied: the article tells that it was not said", hypothetical: "hypothetical: it might be or should have been said", asked: "asked: a question, not a statement" };
const TYPES = {
  direct: "All in quotation marks",
  mixed: "Partly in quotation marks",
  indirect: "Reported, no marks",
  post: "Embedded post",
  attitude: "Belief or plan",
};
const SOURCES = {
  named: "Named people",
  organization: "Organizations and documents",
  unnamed: "Unnamed people and groups",
  unclear: "Unclear or nobody",
};
const KINDS = {
  person: "person",
  organization: "organization",
  group: "group",
  anonymous: "unnamed",
  document: "document",
  author: "the author",
  unknown: "kind unknown",
};
const NOBODY = { name: "Nobody credited", kind: "unknown", source: "unclear", roles: [], colour: null };
const NO_OUTLET = "Outlet unknown";
const NO_CHANNEL = "No channel given";

const speakerOf = (quote) => (quote.speaker === null ? NOBODY : data.speakers[quote.speaker]);
const articleOf = (quote) => data.articles[quote.article];
const outletName = (article) => (article.outlet === null ? NO_OUTLET : data.outlets[article.outlet].name);
const titleOf = (article) => article.title || article.source.split(/[\\/]/).pop();
const colourClass = (speaker) => (speaker.colour === null ? "c-none" : `c${speaker.colour}`);
const channelName = (channel) => channel.words;
const percent = (share) => `${Math.round(share * 100)}%`;
const plural = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const dateOf = (article) => (/^\d{4}-\d{2}-\d{2}/.test(article.published || "") ? article.published.slice(0, 10) : null);

// What can be filtered by: for each facet, the values that a quote has (their numbers, -1 for none) and their names.
const FACETS = {
  speaker: { title: "Speaker", of: (q) => [q.speaker ?? -1], name: (v) => (v < 0 ? NOBODY : data.speakers[v]).name },
  outlet: {
    title: "Outlet",
    of: (q) => [articleOf(q).outlet ?? -1],
    name: (v) => (v < 0 ? NO_OUTLET : data.outlets[v].name),
  },
  channel: {
    title: "Channel",
    of: (q) => (q.channels.length ? q.channels : [-1]),
    name: (v) => (v < 0 ? NO_CHANNEL : channelName(data.channels[v])),
  },
  type: { title: "Type", of: (q) => [q.type], name: (v) => TYPES[v] || v },
  source: { title: "Source", of: (q) => [speakerOf(q).source], name: (v) => SOURCES[v] },
};
const FACET_NAMES = Object.keys(FACETS);

const asked = {
  text: "",
  low: 0,
  high: 100,
  chosen: Object.fromEntries(FACET_NAMES.map((name) => [name, new Set()])),
};

/** A quote's stretches, where words of the article stand between them; others are one stretch. */
function stretches(quote) {
  const points = Array.from(quote.text);
  const found = [];
  let at = 0;
  quote.spans.forEach(([start, end], number) => {
    const part = points.slice(at, at + end - start).join("");
    at += end - start + 1;
    // Two characters are a line's end, or the blank line between paragraphs.
    const apart = number > 0 && start - quote.spans[number - 1][1] > 2;
    if (number === 0 || apart) found.push(part);
    else found.push(`${found.pop()}\n${part}`);
  });
  return at - 1 === points.length ? found : [quote.text];
}

/** Text as a search sees it: no case, no accents, plain quotation marks. */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[“”„«»]/g, '"').replace(/[‘’]/g, "'").toLowerCase();
}

/** The words asked for, each to be found somewhere; what stands between quotation marks is one. */
function terms(text) {
  return [...fold(text).matchAll(/"([^"]+)"|[^\s"]+/g)].map((m) => (m[1] ?? m[0]).trim()).filter(Boolean);
}

const folded = { quotes: [], articles: [] };

function foldedQuote(index) {
  if (folded.quotes[index] === undefined) {
    const quote = data.quotes[index];
    const article = articleOf(quote);
    folded.quotes[index] = fold(
      [
        quote.text,
        speakerOf(quote).name,
        quote.role || "",
        quote.handle || "",
        titleOf(article),
        outletName(article),
        ...quote.channels.map((c) => channelName(data.channels[c])),
      ].join("\n"),
    );
  }
  return folded.quotes[index];
}

function foldedArticle(index) {
  if (folded.articles[index] === undefined) {
    const article = data.articles[index];
    const runs = (article.text || []).map((paragraph) => paragraph.map((r) => (typeof r === "string" ? r : r[0])).join(""));
    folded.articles[index] = fold([titleOf(article), outletName(article), article.byline || "", ...runs].join("\n"));
  }
  return folded.articles[index];
}

/** Which quotes answer, and how many would for each value of each facet if that facet alone were left open. */
function answer() {
  const words = terms(asked.text);
  const keep = new Uint8Array(data.quotes.length);
  const counts = Object.fromEntries(FACET_NAMES.map((name) => [name, new Map()]));
  let found = 0;
  for (let i = 0; i < data.quotes.length; i += 1) {
    const quote = data.quotes[i];
    const sure = Math.round(quote.confidence * 100);
    if (sure < asked.low || sure > asked.high) continue;
    if (words.length && !words.every((word) => foldedQuote(i).includes(word))) continue;
    const missed = FACET_NAMES.filter((name) => {
      const chosen = asked.chosen[name];
      return chosen.size && !FACETS[name].of(quote).some((value) => chosen.has(value));
    });
    if (missed.length > 1) continue;
    for (const name of missed.length ? missed : FACET_NAMES) {
      for (const value of new Set(FACETS[name].of(quote))) {
        counts[name].set(value, (counts[name].get(value) || 0) + 1);
      }
    }
    if (!missed.length) {
      keep[i] = 1;
      found += 1;
    }
  }
  return { keep, counts, found, words, articles: articlesFor(keep, words) };
}

/** The articles to show: those with a quote that answers; with no filter but words, those whose text has them too. */
function articlesFor(keep, words) {
  const open = FACET_NAMES.every((name) => !asked.chosen[name].size) && asked.low === 0 && asked.high === 100;
  const shown = [];
  data.articles.forEach((article, index) => {
    const [first, last] = article.quotes;
    const quoted = keep.subarray(first, last).includes(1);
    if (quoted || (open && words.every((word) => foldedArticle(index).includes(word)))) shown.push(index);
  });
  return shown;
}

const isFiltered = () =>
  asked.text.trim() !== "" || asked.low > 0 || asked.high < 100 || FACET_NAMES.some((name) => asked.chosen[name].size);

/** Counts of quotes by some key, most first; ties in the order of the records. */
function tally(indices, keysOf) {
  const counts = new Map();
  for (const index of indices) {
    for (const key of keysOf(data.quotes[index])) counts.set(key, (counts.get(key) || 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
