"use strict";
// Who speaks, each with the quotes that answer.

const SPEAKERS_A_PAGE = 40;
const QUOTES_AT_ONCE = 25;
const SPEAKER_ORDERS = { most: "Most quoted first", name: "By name" };
let speakerOrder = "most";

function showSpeakers(view) {
  const indices = answers();
  let rows = tally(indices, (quote) => [quote.speaker ?? -1]);
  if (speakerOrder === "name") rows = rows.sort((a, b) => FACETS.speaker.name(a[0]).localeCompare(FACETS.speaker.name(b[0]), "en"));
  offerOrder(SPEAKER_ORDERS, speakerOrder, (value) => { speakerOrder = value; });
  view.append(make("h2", { class: "visually-hidden" }, "Speakers"));
  if (!rows.length) return view.append(nothing());
  const quotesOf = new Map();
  for (const index of indices) {
    const key = data.quotes[index].speaker ?? -1;
    if (!quotesOf.has(key)) quotesOf.set(key, []);
    quotesOf.get(key).push(index);
  }
  const most = Math.max(...rows.map(([, count]) => count));
  return paged(view, rows, { size: SPEAKERS_A_PAGE, noun: "speaker", render: ([key, count]) => speakerCard(key, quotesOf.get(key), count / most) });
}

function speakerCard(key, indices, share) {
  const speaker = key < 0 ? NOBODY : data.speakers[key];
  const outlets = tally(indices, (quote) => [articleOf(quote).outlet ?? -1]);
  const body = make("div", { class: "speaker-body" });
  const card = make(
    "details",
    { class: `speaker ${colourClass(speaker)}` },
    make(
      "summary",
      {},
      make("span", { class: "speaker-name" }, isolated(speaker.name)),
      make("span", { class: "speaker-count" }, plural(indices.length, "quote")),
      make("span", { class: "bar", "aria-hidden": "true", vars: { "--share": share } }),
      make("span", { class: "speaker-about" }, about(speaker), " · ", outlets.slice(0, 3).map(([value, count], i) => make("span", {}, i ? ", " : "", isolated(FACETS.outlet.name(value)), ` ${count}`)), outlets.length > 3 && ` and ${outlets.length - 3} more`),
    ),
    body,
  );
  const fill = () => {
    if (!body.childElementCount) fillSpeaker(body, key, indices);
  };
  card.addEventListener("toggle", () => card.open && fill());
  return card;
}

function about(speaker) {
  if (!speaker.roles.length) return make("span", {}, KINDS[speaker.kind]);
  return make("span", {}, isolated(speaker.roles[0]), speaker.source === "unnamed" ? ", may be several people" : "");
}

/** Under which names a source is quoted, and why they are taken for one. */
function namesOf(key) {
  const { aliases, merges, pronoun } = key < 0 ? NOBODY : data.speakers[key];
  if (!aliases && !pronoun) return null;
  const names = aliases && aliases.map(([name, count], i) => make("span", {}, i ? ", " : "", isolated(name), ` (${count})`));
  const why = merges && make("details", { class: "numbers" }, make("summary", {}, "Why these are one"), make("ul", {}, merges.map(([name, ...because]) => make("li", {}, isolated(name), `: ${because.map((reason) => reason.replaceAll("_", " ")).join(", ")}`))));
  return make("div", { class: "aside" }, names && make("p", {}, "Quoted as ", names), pronoun && make("p", {}, `Articles say “${pronoun}”`), why);
}

function fillSpeaker(body, key, indices) {
  const list = quoteList(indices.slice(0, QUOTES_AT_ONCE), { place: true });
  const only_button = make("button", { type: "button", class: "plain", on: { click: () => { only("speaker", key); go("articles"); } } }, "Read these in their articles");
  body.append(make("p", { class: "speaker-tools" }, only_button), namesOf(key), list);
  if (indices.length > QUOTES_AT_ONCE) {
    const rest = make("button", { type: "button", on: { click: () => {
      list.append(...indices.slice(QUOTES_AT_ONCE).map((index) => quoteItem(index, { place: true })));
      rest.remove();
      highlight();
    } } }, `Show ${indices.length - QUOTES_AT_ONCE} more`);
    body.append(rest);
  }
  highlight();
}
