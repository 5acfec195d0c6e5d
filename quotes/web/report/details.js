"use strict";
// The chosen quote: who, how credited, through what, how sure, by which pattern.

const RESOLUTIONS = {
  name: "by name",
  alias: "by another form of the name",
  pronoun: "by a pronoun, resolved",
  role: "by role, resolved",
  continuation: "as the speaker of the words before",
  signature: "by a signature or a label",
  none: "not resolved to a name",
};
const RELATIONS = { to: "Said to", via: "Via", on: "On", in: "In" };
let chosen = null;
// Where the focus was when a quote was chosen: it goes back there.
let opener = null;

/** Show a quote's details; `focus` moves the keyboard there. */
function choose(index, { focus = true } = {}) {
  chosen = index;
  const panel = byId("details");
  panel.classList.add("open");
  panel.replaceChildren(...card(index));
  paintChosen();
  if (focus) panel.focus({ preventScroll: true });
  panel.scrollTop = 0;
  uncover(panel);
}

/** Where the details are a sheet over the page's foot, move the chosen words out from under it. */
function uncover(panel) {
  if (getComputedStyle(panel).position !== "fixed") return;
  const words = opener?.isConnected ? opener : byId("view").querySelector(".chosen");
  if (words && words.getBoundingClientRect().bottom > panel.getBoundingClientRect().top) words.scrollIntoView({ block: "start", behavior: "instant" });
}

function closeDetails({ remembered = true } = {}) {
  const index = chosen;
  chosen = null;
  byId("details").classList.remove("open");
  byId("details").replaceChildren(hint());
  paintChosen();
  if (remembered) remember();
  const back = opener?.isConnected ? opener : document.querySelector(`[href="#quote-${index}"]`);
  (back || byId("results")).focus();
}

const hint = () =>
  make(
    "div",
    { class: "hint" },
    make("p", {}, "Choose a marked quote to see who said it, how it is credited, through what it came and how sure the reading is."),
    make("p", {}, make("kbd", {}, "Tab"), " goes from quote to quote, ", make("kbd", {}, "Enter"), " opens one; there ", make("kbd", {}, "←"), " and ", make("kbd", {}, "→"), " turn to the one before and after, ", make("kbd", {}, "Esc"), " goes back."),
    legend(),
  );

const legend = () =>
  make("ul", { class: "legend", "aria-label": "How quotes are marked" }, ["direct", "mixed", "indirect", "post"].map((type) => make("li", {}, make("span", { class: `mark c0 ${type}` }, TYPES[type]))));

/** Outline the chosen quote in the text, and underline the words that credit it. */
function paintChosen() {
  for (const element of document.querySelectorAll(".chosen, .credited")) element.classList.remove("chosen", "credited");
  for (const link of document.querySelectorAll(".quote-link[aria-current]")) link.removeAttribute("aria-current");
  if (chosen === null) return;
  const has = (element, key) => element.dataset[key].split(" ").includes(String(chosen));
  for (const element of byId("view").querySelectorAll("[data-said]")) {
    if (has(element, "said")) element.classList.add("chosen");
    if (has(element, "said") && element.classList.contains("quote-link")) element.setAttribute("aria-current", "true");
  }
  for (const element of byId("view").querySelectorAll("[data-credit]")) {
    if (has(element, "credit")) element.classList.add("credited");
  }
}

function card(index) {
  const quote = data.quotes[index];
  const speaker = speakerOf(quote);
  const article = articleOf(quote);
  const row = (term, ...values) => (values.some(Boolean) ? [make("dt", {}, term), make("dd", {}, values)] : []);
  return [
    make(
      "div",
      { class: "details-bar" },
      step("Quote before", "←", -1),
      step("Quote after", "→", 1),
      make("button", { type: "button", class: "close", on: { click: () => closeDetails() } }, "Close"),
    ),
    make("blockquote", { dir: "auto", class: `said ${colourClass(speaker)}`, lang: language(article) }, saidWords(quote)),
    make("h2", { class: "who" }, speakerLabel(speaker)),
    quote.role && make("p", { class: "role", dir: "auto" }, quote.role),
    make(
      "dl",
      {},
      row("Kind", KINDS[speaker.kind] || speaker.kind, quote.handle && make("span", {}, ", ", isolated(quote.handle)), speaker.id && make("span", {}, ", ", isolated(speaker.id))),
      row("Credited", quote.mention && make("span", {}, "“", isolated(quote.mention), "” "), quote.resolution && RESOLUTIONS[quote.resolution]),
      row("Cue", quote.cue && make("span", {}, "“", isolated(quote.cue), "”")),
      quote.channels.map((number, i) => row(RELATIONS[data.channels[number].relation] || data.channels[number].relation, isolated(data.channels[number].name), make("span", { class: "aside" }, ` ${data.channels[number].kind}`), quote.how[i] && quote.how[i] !== data.channels[number].name && make("span", { class: "aside" }, ", “", isolated(quote.how[i]), "”"))),
      quote.channels.length ? [] : row("Channel", make("span", { class: "aside" }, "none given")),
      row("Said on", quote.said_on && /^\d{4}-\d{2}-\d{2}/.test(quote.said_on) ? day(quote.said_on.slice(0, 10)) : quote.said_on),
      quote.stance && quote.stance !== "said" ? row("Stance", STANCES[quote.stance] || quote.stance) : [],
      row("Type", TYPES[quote.type] || quote.type),
      row("Confidence", confidence(quote.confidence)),
      row("Pattern", quote.pattern && make("code", {}, isolated(quote.pattern))),
      row("Place", `${quote.spans.map(([start, end]) => `${start}–${end}`).join(", ")}`),
      row("Article", isolated(titleOf(article))),
      row("Outlet", imprint(article)),
      article.url ? row("Address", address(article.url)) : [],
    ),
    overlapping(index),
    make("p", { class: "details-tools" }, make("button", { type: "button", on: { click: (event) => copyCredited(index, event.target) } }, "Copy with credit"), make("button", { type: "button", on: { click: () => { go("articles", index); } } }, "Show in the article"), speaker !== NOBODY && make("button", { type: "button", on: { click: () => only("speaker", quote.speaker) } }, "Only this speaker")),
  ].filter(Boolean);
}

/** A quote as one passes it on: the words, who said them, how they came, and where they stand. */
function credited(index) {
  const quote = data.quotes[index];
  const article = articleOf(quote);
  const speaker = speakerOf(quote);
  const who = [speaker.name, quote.role, ...quote.channels.map((number) => channelName(data.channels[number]))].filter(Boolean).join(", ");
  const date = dateOf(article);
  const place = [titleOf(article), outletName(article) === NO_OUTLET ? null : outletName(article), date && day(date)].filter(Boolean).join(", ");
  return [`${stretches(quote).join(" […] ")} — ${who}`, place, article.url].filter(Boolean).join("\n");
}

async function copyCredited(index, button) {
  const words = credited(index);
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    // A page from a file may lack the clipboard: copy as a selection does.
    const field = make("textarea", { class: "visually-hidden" });
    field.value = words;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy with credit"; }, 2000);
}

function step(label, sign, by) {
  const next = neighbour(by);
  return make("button", { type: "button", disabled: next === null, "aria-label": label, title: label, on: { click: () => turn(by) } }, sign);
}

/** The quote before or after the chosen one, of those that answer. */
function neighbour(by) {
  for (let index = chosen + by; index >= 0 && index < data.quotes.length; index += by) if (shown.keep[index]) return index;
  return null;
}

function turn(by) {
  const next = neighbour(by);
  if (next === null) return;
  if (currentView === "articles") go("articles", next);
  choose(next);
  remember({ again: "turn" });
}

function confidence(value) {
  const word = value >= 0.9 ? "very sure" : value >= 0.75 ? "fairly sure" : value >= 0.5 ? "unsure" : "doubtful";
  const level = value >= 0.75 ? "good" : value >= 0.5 ? "doubt" : "bad";
  return [make("span", {}, `${percent(value)}, ${word}`), make("span", { class: `meter ${level}`, "aria-hidden": "true", vars: { "--share": value } })];
}

/** Other quotes over the same words: one within another, or two readings of one passage. */
function overlapping(index) {
  const quote = data.quotes[index];
  const [first, last] = articleOf(quote).quotes;
  const others = [];
  for (let other = first; other < last; other += 1) {
    const crosses = data.quotes[other].spans.some(([a, b]) => quote.spans.some(([c, d]) => a < d && c < b));
    if (other !== index && crosses) others.push(other);
  }
  if (!others.length) return null;
  return make("div", { class: "overlapping" }, make("h3", {}, "Over the same words"), quoteList(others, { place: false }));
}
