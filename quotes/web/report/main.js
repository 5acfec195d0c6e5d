"use strict";
// What starts the page, and what changes it: the address's fragment, the filters, the keyboard, paper, the theme.

const VIEWS = { articles: showArticles, speakers: showSpeakers, variants: showVariants, charts: showCharts };
let shown = answer();
let currentView = "articles";

/** The numbers of all quotes that answer. */
function answers() {
  const indices = [];
  for (let i = 0; i < shown.keep.length; i += 1) if (shown.keep[i]) indices.push(i);
  return indices;
}

/** Ask again and show what answers. */
function refresh() {
  shown = answer();
  for (const name of FACET_NAMES) fillFacet(name, shown.counts[name]);
  fillChips();
  const quotes = shown.found === data.quotes.length ? plural(shown.found, "quote") : `${shown.found.toLocaleString("en")} of ${plural(data.quotes.length, "quote")}`;
  byId("count").textContent = `${quotes} in ${plural(shown.articles.length, "article")}`;
  showView();
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
  history.replaceState(null, "", index === null ? `#${name}` : `#quote-${index}`);
  if (index === null) return;
  const mark = byId("view").querySelector(`[data-said~="${index}"]`);
  mark?.scrollIntoView({ block: "center", behavior: "instant" });
  opener = mark;
}

/** Do what the address's fragment says: a view, or a quote. */
function follow() {
  const quote = /^#quote-(\d+)$/.exec(location.hash);
  if (quote && Number(quote[1]) < data.quotes.length) {
    go("articles", Number(quote[1]));
    choose(Number(quote[1]));
    return;
  }
  const name = location.hash.slice(1);
  if (name in VIEWS && name !== currentView) {
    if (chosen !== null) closeDetails();
    currentView = name;
    showView();
    window.scrollTo(0, 0);
  }
}

function onClick(event) {
  const link = event.target.closest('a[href^="#quote-"]');
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const index = Number(link.getAttribute("href").slice("#quote-".length));
  opener = link;
  choose(index);
  history.replaceState(null, "", `#quote-${index}`);
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
window.addEventListener("hashchange", follow);
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
refresh();
follow();
