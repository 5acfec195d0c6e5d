// How the review page looks: the article with its marks, the panel, the list. Text goes in as text, never as markup.
import { KINDS, RELATIONS, SPEAKERS, STANCES, TYPES, keyOf, speakersOf } from "./draft.js";
import { make, segments } from "./text.js";

export const WORDS = { accept: "accepted", correct: "corrected", reject: "rejected", add: "added" };

/** The article's text; the quote under review has handles at the ends of each of its fragments. */
export function articleText(points, record, draft, { current, verdictOf, onPick }) {
  const { article } = record;
  const layers = [];
  for (const quote of shownQuotes(record, verdictOf)) {
    if (quote.id === current) continue;
    const verdict = verdictOf(quote.id)?.verdict ?? "open";
    for (const span of quote.spans) layers.push({ ...span, kind: "other", quote: quote.id, verdict });
  }
  if (draft) {
    for (const span of draft.spans) layers.push({ ...span, kind: "own" });
    if (draft.speaker?.mention) layers.push({ ...draft.speaker.mention, kind: "credit" });
    if (draft.cue) layers.push({ ...draft.cue, kind: "cue" });
    for (const channel of draft.channels) if (channel.mention) layers.push({ ...channel.mention, kind: "channel" });
  }
  const nodes = [];
  for (const part of segments(article.start, article.end, layers)) {
    const kinds = [...new Set(part.layers.map((layer) => layer.kind))];
    const other = part.layers.find((layer) => layer.kind === "other");
    const node = make(
      kinds.includes("own") ? "mark" : "span",
      {
        class: [...kinds, other ? `was-${other.verdict}` : ""].join(" ").trim() || null,
        "data-start": part.start,
        "data-end": part.end,
      },
      points.slice(part.start, part.end),
    );
    if (other && !kinds.includes("own")) node.addEventListener("click", () => onPick(other.quote));
    const number = draft ? draft.spans.findIndex((s) => s.start === part.start) : -1;
    if (number >= 0) nodes.push(handle(number, "start"));
    nodes.push(node);
    const last = draft ? draft.spans.findIndex((s) => s.end === part.end) : -1;
    if (last >= 0) nodes.push(handle(last, "end"));
  }
  return nodes;
}

/** The article's quotes as they are to be shown: corrected ones as corrected, added ones too. */
export function shownQuotes(record, verdictOf) {
  const own = record.quotes.map((quote) => verdictOf(quote.id)?.corrected ? { ...verdictOf(quote.id).corrected, id: quote.id } : quote);
  return [...own, ...(record.added ?? [])];
}

function handle(number, edge) {
  return make("span", { class: `handle ${edge}`, "data-edge": edge, "data-number": number, "aria-hidden": "true" });
}

/** Everything about the quote under review, and the fields that correct it. */
export function panel(record, quote, draft, points, { verdict, stale, dirty, change, pickSpeaker, typeSpeaker }) {
  const said = draft.spans.map((s) => points.slice(s.start, s.end)).join(" ");
  return [
    make("p", { class: "state" }, ...state(quote, verdict, { stale, dirty })),
    make("blockquote", {}, said),
    speakerField(record, draft, points, { change, pickSpeaker, typeSpeaker }),
    channelField(draft, change),
    typeField(draft, change),
    stanceField(draft, change),
    dateField(draft, change),
    make("p", { class: "fine" }, ...about(quote, draft, points)),
  ];
}

function state(quote, verdict, { stale, dirty }) {
  const sure = `${Math.round(quote.confidence * 100)} % sure`;
  if (dirty) return [make("strong", { class: "doubt" }, "Changed, not saved"), ` · ${sure}`];
  if (!verdict && stale) {
    const before = `${stale.reviewer} had ${WORDS[stale.verdict]} it; its record has changed since`;
    return [make("strong", { class: "doubt" }, "To review again"), ` · ${before} · ${sure}`];
  }
  if (!verdict) return [make("strong", {}, "To do"), ` · ${sure}`];
  const when = new Date(verdict.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const word = WORDS[verdict.verdict];
  return [make("strong", { class: verdict.verdict }, word[0].toUpperCase() + word.slice(1)), ` by ${verdict.reviewer} at ${when}`];
}

function about(quote, draft, points) {
  const cue = draft.cue ? points.slice(draft.cue.start, draft.cue.end) : null;
  return [
    ...(cue ? ["Cue ", make("span", { class: "cue" }, cue), quote.pattern ? " · " : ""] : []),
    quote.pattern ? `pattern ${quote.pattern}` : "",
  ];
}

function speakerField(record, draft, points, { change, pickSpeaker, typeSpeaker }) {
  const known = speakersOf(record);
  const chosen = draft.speaker?.name ?? null;
  const options = known.map((speaker, n) =>
    option(speaker.name, speaker.role, n < 9 ? String(n + 1) : "", chosen === speaker.name, () => pickSpeaker(speaker.name)),
  );
  options.push(option("Nobody", null, "0", chosen === null, () => change({ speaker: null })));
  const other = chosen !== null && !known.some((speaker) => speaker.name === chosen);
  const input = make("input", { id: "speaker", type: "text", autocomplete: "off", maxlength: 300, value: other ? chosen : "" });
  input.addEventListener("change", () => typeSpeaker(input.value));
  const mention = draft.speaker?.mention;
  const credit = draft.speaker
    ? make(
        "p",
        { class: "fine" },
        ...(mention
          ? ["Credited as ", make("span", { class: "credit" }, points.slice(mention.start, mention.end)), " "]
          : ["No words of the article credit this quote: select some, and press M."]),
      )
    : null;
  if (mention) {
    const remove = make("button", { type: "button", class: "plain" }, "remove");
    remove.setAttribute("aria-label", "Remove the words that credit the quote");
    remove.addEventListener("click", () => change({ speaker: { ...draft.speaker, mention: null } }));
    credit.append(remove);
  }
  return make(
    "fieldset",
    {},
    make("legend", {}, "Speaker"),
    make("div", { class: "options" }, ...options),
    make("label", { for: "speaker", class: "small" }, "Somebody else ", make("kbd", {}, "T")),
    input,
    draft.speaker ? describedField(draft, change) : null,
    credit,
  );
}

/** What the speaker is, and the role that the article gives. */
function describedField(draft, change) {
  const put = (fields) => change({ speaker: { ...draft.speaker, ...fields } });
  const role = make("input", { id: "role", type: "text", autocomplete: "off", maxlength: 300, value: draft.speaker.role ?? "" });
  role.addEventListener("change", () => put({ role: role.value.trim() }));
  const kind = make("label", { class: "small" }, "Kind", select(SPEAKERS, draft.speaker.kind, "Kind of speaker", (value) => put({ kind: value })));
  return make("div", { class: "pair" }, kind, make("label", { class: "small" }, "Role ", make("kbd", {}, "O"), role));
}

function option(name, role, key, checked, onChoose) {
  const input = make("input", { type: "radio", name: "who" });
  input.checked = checked;
  input.addEventListener("change", onChoose);
  return make(
    "label",
    { class: "option" },
    input,
    make("span", { class: "name" }, name, role ? make("small", {}, role) : null),
    key ? make("kbd", {}, key) : null,
  );
}

function select(values, value, label, onChange) {
  const node = make("select", { "aria-label": label }, ...values.map((v) => make("option", { value: v }, v)));
  node.value = value;
  node.addEventListener("change", () => onChange(node.value));
  return node;
}

function channelField(draft, change) {
  const put = (n, fields) =>
    change({ channels: draft.channels.map((c, at) => (at === n ? { ...c, ...fields } : c)) });
  const rows = draft.channels.map((channel, n) => {
    const name = make("input", { type: "text", "aria-label": "Name of the channel", value: channel.name, maxlength: 300, autocomplete: "off" });
    name.addEventListener("change", () => put(n, { name: name.value, id: null, mention: null }));
    const remove = make("button", { type: "button", "aria-label": `Remove the channel ${channel.name}`, class: "remove" }, "×");
    remove.addEventListener("click", () => change({ channels: draft.channels.filter((_, at) => at !== n) }));
    return make(
      "div",
      { class: "channel-row" },
      select(RELATIONS, channel.relation, "How it came", (relation) => put(n, { relation })),
      name,
      select(KINDS, channel.kind, "Kind of channel", (kind) => put(n, { kind })),
      remove,
    );
  });
  const add = make("button", { type: "button", id: "add-channel" }, "Add a channel ", make("kbd", {}, "H"));
  add.addEventListener("click", () => {
    change({ channels: [...draft.channels, { relation: "via", name: "", kind: "outlet", id: null, mention: null }] });
    [...document.querySelectorAll(".channel-row input")].at(-1)?.focus();
  });
  return make("fieldset", {}, make("legend", {}, "How the words came"), ...rows, add);
}

function typeField(draft, change) {
  const label = make("label", { class: "type" }, make("span", {}, "Type ", make("kbd", {}, "Y")));
  label.append(select(TYPES, draft.type, "Type", (type) => change({ type })));
  return label;
}

function stanceField(draft, change) {
  const label = make("label", { class: "type" }, make("span", {}, "Stance ", make("kbd", {}, "S")));
  label.append(select(STANCES, draft.stance, "Stance", (stance) => change({ stance })));
  return label;
}

function dateField(draft, change) {
  const input = make("input", { id: "said-on", type: "date", value: draft.said_on });
  input.addEventListener("change", () => change({ said_on: input.value }));
  return make("label", { class: "type" }, make("span", {}, "Said on ", make("kbd", {}, "D")), input);
}

/** Lines of the list for articles in which no quote was found. */
export function articleLines(articles, current, onPick) {
  return articles.map(([id, told]) => {
    const button = make(
      "button",
      { type: "button", class: "line", "aria-current": id === current ? "true" : null },
      make("span", { class: "said" }, told.title ?? told.source),
      make("span", { class: "by" }, make("span", {}, told.outlet ?? ""), make("span", { class: "sure" }, "no quote")),
    );
    button.addEventListener("click", () => onPick(id));
    return make("li", {}, button);
  });
}

/** Lines of the list around the current one: thousands of quotes stay quick. */
export function listLines(quotes, current, { articles, verdictOf, onPick }) {
  return quotes.map((quote) => {
    const verdict = verdictOf(quote)?.verdict;
    const told = articles[quote.article];
    const button = make(
      "button",
      { type: "button", class: `line ${verdict ? `was-${verdict}` : ""}`, "aria-current": keyOf(quote) === current ? "true" : null },
      make("span", { class: "said" }, quote.text),
      make(
        "span",
        { class: "by" },
        make("span", {}, quote.speaker ?? "nobody", told?.outlet ? ` · ${told.outlet}` : ""),
        make("span", { class: "sure" }, verdict ? WORDS[verdict] : `${Math.round(quote.confidence * 100)} %`),
      ),
    );
    button.addEventListener("click", () => onPick(quote));
    return make("li", {}, button);
  });
}
