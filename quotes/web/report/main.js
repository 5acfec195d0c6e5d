"use strict";
// What starts the page, and what changes it: the address's fragment, the filters, the keyboard, paper, the theme.

const VIEWS = { articles: showArticles, speakers: showSpeakers, variants: showVariants, charts: showCharts, audit: showAudit };
let shown = answer();
let currentView = "articles";

/** The numbers of all quotes that answer. */
function answers() {
  const indices = [];
  for (let i = 0; i < shown.keep.length; i += 1) if (shown.keep[i]) indices.push(i);
  return indices;
}

/**
 * The address of what is shown: view or chosen quote, search, filters. Names stand in it, not numbers, so that it holds for
 * a report made anew.
 */
function addressOf() {
  const fields = new URLSearchParams();
  if (asked.text.trim()) fields.set("q", asked.text.trim());
  if (asked.low > 0) fields.set("low", asked.low);
  if (asked.high < 100) fields.set("high", asked.high);
  for (const name of FACET_NAMES) for (const value of asked.chosen[name]) fields.append(name, typeof value === "number" ? FACETS[name].name(value) : value);
  const query = fields.toString();
  return `#${chosen === null ? currentView : `quote-${chosen}`}${query ? `?${query}` : ""}`;
}

let lastKind = null;

/** Put what is shown into the address: a step to go Back to, or the same step again where one thing is typed or turned. */
function remember({ again = null } = {}) {
  const where = addressOf();
  if (where !== location.hash) history[again !== null && again === lastKind ? "replaceState" : "pushState"](null, "", where);
  lastKind = again;
}

/** Take search and filters from an address. */
function recall(query) {
  const fields = new URLSearchParams(query);
  const sure = (key, otherwise) => (/^\d{1,3}$/.test(fields.get(key) ?? "") ? Math.min(100, Number(fields.get(key))) : otherwise);
  Object.assign(asked, { text: fields.get("q") ?? "", low: sure("low", 0), high: sure("high", 100) });
  for (const name of FACET_NAMES) {
    const wanted = new Set(fields.getAll(name));
    const values = new Set(wanted.size ? data.quotes.flatMap((quote) => FACETS[name].of(quote)) : []);
    asked.chosen[name] = new Set([...values].filter((value) => wanted.has(typeof value === "number" ? FACETS[name].name(value) : value)));
  }
  byId("text").value = asked.text;
  syncConfidence();
}

/** Ask again and show what answers; `again` names what is changed step by step. */
function refresh({ remembered = true, again = null } = {}) {
  shown = answer();
  for (const name of FACET_NAMES) fillFacet(name, shown.counts[name]);
  fillChips();
  const quotes = shown.found === data.quotes.length ? plural(shown.found, "quote") : `${shown.found.toLocaleString("en")} of ${plural(data.quotes.length, "quote")}`;
  byId("count").textContent = `${quotes} in ${plural(shown.articles.length, "article")}`;
  showView();
  if (remembered) remember({ again });
}

function showView(options = {}) {
  forgetCharts();
  Object.assign(paper, { fill: null, restore: null });
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === currentView) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("order-slot").replaceChildren();
  const view = byId("view");
  view.className = `view-${currentView}`;
  view.replaceChildren();
  VIEWS[currentView](view, options);
  highlight();
  paintChosen();
}

/** Let the reader choose the order of what the view lists. */
function offerOrder(orders, current, change) {
  const choice = make("select", { id: "order" }, Object.entries(orders).map(([value, label]) => make("option", { value, selected: value === current }, label)));
  choice.addEventListener("change", () => {
    change(choice.value);
    showView();
    byId("order").focus();
  });
  byId("order-slot").append(make("label", { for: "order" }, "Order"), choice);
}

/** Go to a view; in that of the articles, to the page and place of a quote. */
function go(name, index = null) {
  const at = index === null ? null : data.quotes[index].article;
  if (index !== null && !shown.keep[index]) clearAll();
  const there = index !== null && name === currentView && document.getElementById(`article-${at}`);
  if (!there) {
    currentView = name;
    showView({ at });
  }
  if (index === null) {
    remember();
    return;
  }
  const mark = byId("view").querySelector(`[data-said~="${index}"]`);
  mark?.scrollIntoView({ block: "center", behavior: "instant" });
  opener = mark;
}

/** Do what the address's fragment says: search and filters, a view or a quote; `first` as the page is opened. */
function follow({ first = false } = {}) {
  const [name, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
  const quote = /^quote-(\d+)$/.exec(name);
  const before = addressOf();
  recall(query);
  lastKind = null;
  if (quote && Number(quote[1]) < data.quotes.length) {
    if (first || addressOf() !== before) refresh({ remembered: false });
    currentView = "articles";
    go("articles", Number(quote[1]));
    choose(Number(quote[1]));
    return;
  }
  if (chosen !== null) closeDetails({ remembered: false });
  const moved = name in VIEWS && name !== currentView;
  if (moved) currentView = name;
  refresh({ remembered: false });
  if (moved) window.scrollTo(0, 0);
}

function onClick(event) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const tab = event.target.closest("[data-view]");
  if (tab) {
    event.preventDefault();
    if (chosen !== null) closeDetails({ remembered: false });
    if (tab.dataset.view !== currentView) {
      go(tab.dataset.view);
      window.scrollTo(0, 0);
    } else remember();
    tab.focus();
    return;
  }
  const link = event.target.closest('a[href^="#quote-"]');
  if (!link) return;
  event.preventDefault();
  const index = Number(link.getAttribute("href").slice("#quote-".length));
  opener = link;
  choose(index);
  remember();
}

function onKey(event) {
  if (event.key === "Escape" && chosen !== null) {
    event.preventDefault();
    closeDetails();
  }
  const field = event.target.closest?.("input, select, textarea");
  if (!field && byId("details").contains(event.target) && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    event.preventDefault();
    turn(event.key === "ArrowLeft" ? -1 : 1);
  }
}

function setTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  draw();
}

function summarise() {
  const used = new Set(data.quotes.map((quote) => quote.speaker).filter((speaker) => speaker !== null));
  const dates = data.articles.map(dateOf).filter(Boolean).sort();
  const outlets = new Set(data.articles.map((article) => article.outlet).filter((outlet) => outlet !== null));
  const parts = [plural(data.quotes.length, "quote"), plural(used.size, "speaker"), plural(data.articles.length, "article"), plural(outlets.size, "outlet")];
  if (dates.length) parts.push(dates[0] === dates[dates.length - 1] ? day(dates[0]) : `${day(dates[0])} to ${day(dates[dates.length - 1])}`);
  byId("summary").textContent = parts.join(" · ");
  if (data.errors.length) {
    byId("failed").append(
      make("h2", {}, `${plural(data.errors.length, "source")} could not be read`),
      make("ul", {}, data.errors.map((error) => make("li", {}, isolated(error.source), ": ", isolated(error.detail)))),
    );
  }
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
window.addEventListener("hashchange", () => follow());
window.addEventListener("beforeprint", () => {
  paper.fill?.();
  if (drawn.length) {
    document.documentElement.dataset.paper = document.documentElement.dataset.theme || "";
    document.documentElement.dataset.theme = "light";
    draw();
  }
});
window.addEventListener("afterprint", () => {
  paper.restore?.();
  if ("paper" in document.documentElement.dataset) {
    setTheme(document.documentElement.dataset.paper);
    delete document.documentElement.dataset.paper;
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
byId("theme").addEventListener("change", () => setTheme(byId("theme").value));
byId("print").addEventListener("click", () => window.print());
byId("details").replaceChildren(hint());
summarise();
buildFilters();
follow({ first: true });
