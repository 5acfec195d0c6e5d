"use strict";
// The same statement across outlets: the fullest printing, and the others with what differs from it.

const GROUPS_A_PAGE = 20;
const PRINTINGS_AT_ONCE = 11;
const KINDS_OF_VARIANT = {
  same: "letter by letter the same",
  punctuation: "same words, other punctuation",
  truncated: "cut short, with an ellipsis",
  contained: "part of the words",
  overlapping: "part of the words, and others around them",
  edited: "words differ",
};
// What stands in the lead alone may be no fault: a shorter quotation, or one whose ellipsis says so.
const LEFT_OUT = new Set(["cut", "omitted"]);

function showVariants(view) {
  const numbersOf = (group) => [group.lead, ...group.others.map((other) => other.quote)];
  const groups = (data.variants || []).filter((group) => numbersOf(group).some((index) => shown.keep[index]));
  put(
    view,
    make("h2", { class: "visually-hidden" }, "Variants"),
    data.variants === null && make("p", { class: "note" }, "Variants were not looked for: a library was missing when this page was written."),
  );
  if (!shown.found) return view.append(nothing());
  if (!groups.length) return put(view, data.variants && make("p", { class: "nothing" }, "No statement here is printed twice."));
  view.append(variantsLegend(groups.length));
  return paged(view, groups, { size: GROUPS_A_PAGE, noun: "statement", render: groupCard });
}

const variantsLegend = (count) =>
  make("p", { class: "variants-legend" }, `${plural(count, "statement")} printed more than once. Against the fullest printing: `, make("del", {}, "changed or dropped"), " ", make("ins", {}, "put in"), " ", make("span", { class: "left-out" }, "[not printed]"));

function groupCard(group) {
  const flags = [group.misattributed && "Possible misattribution", group.misquoted && "Possible misquotation"].filter(Boolean);
  const earliest = group.first === null ? null : articleOf(data.quotes[group.first]);
  const rendered = (other) => printing(other.quote, KINDS_OF_VARIANT[other.kind] || other.kind, other.runs.map((run, i) => differing(run, other.runs[i + 1])), other.reworded);
  const list = make("ol", { class: "printings" }, printing(group.lead, "fullest printing", data.quotes[group.lead].text, false), group.others.slice(0, PRINTINGS_AT_ONCE).map(rendered));
  const rest = group.others.slice(PRINTINGS_AT_ONCE);
  const more = make("button", { type: "button", on: { click: () => {
    list.append(...rest.map(rendered));
    more.remove();
    highlight();
  } } }, `Show ${rest.length.toLocaleString("en")} more`);
  return make(
    "article",
    { class: "statement" },
    make(
      "p",
      { class: "statement-about" },
      make("span", {}, `${plural(group.others.length + 1, "printing")} in ${spread(group)}`, earliest && [" · first in ", isolated(earliest.outlet === null ? titleOf(earliest) : outletName(earliest))]),
      flags.map((flag) => make("strong", { class: "flag" }, flag)),
    ),
    list,
    rest.length > 0 && more,
  );
}

/** In how many outlets a statement is printed; in how many articles, where not all outlets are known. */
function spread(group) {
  const numbers = [group.lead, ...group.others.map((other) => other.quote)].map((index) => data.quotes[index].article);
  const outlets = numbers.map((number) => data.articles[number].outlet);
  return outlets.includes(null) ? plural(new Set(numbers).size, "article") : plural(new Set(outlets).size, "outlet");
}

/** One printing; its text leads to the quote in its article. */
function printing(index, kind, text, reworded) {
  const quote = data.quotes[index];
  const article = articleOf(quote);
  const link = make("a", { href: `#quote-${index}`, "data-said": index, class: "quote-link" }, make("blockquote", { dir: "auto", lang: language(article) }, text));
  const place = make("button", { type: "button", class: "plain", on: { click: () => { go("articles", index); choose(index); } } }, "Show in the article");
  return make(
    "li",
    { class: `printing ${colourClass(speakerOf(quote))}` },
    make("p", { class: "imprint" }, imprint(article)),
    link,
    make("p", { class: "quote-meta" }, speakerLabel(speakerOf(quote)), ` · ${kind}`, reworded && make("strong", { class: "flag" }, "reworded, unmarked")),
    make("p", { class: "quote-meta" }, place),
  );
}

/** Words that differ, struck through or underlined, and said aloud as well. */
function differing(run, after) {
  if (typeof run === "string") return run;
  const [text, op, missing] = run;
  const aloud = (words) => make("span", { class: "visually-hidden" }, words);
  if (!missing) return make("ins", {}, aloud("put in: "), text);
  // The text has no room for words that it lacks: they bring their own, behind them or, where it breaks off, before.
  const follows = Array.isArray(after) || /^[\p{L}\p{N}\p{Sc}\[]/u.test(after || "");
  const words = LEFT_OUT.has(op) ? make("span", { class: "left-out" }, aloud("not printed: "), `[${text}]`) : make("del", {}, aloud(op === "deleted" ? "without: " : "instead of: "), text);
  return follows ? [words, " "] : [" ", words];
}
