// The review page: keys, buttons, the pointer that drags a quote's ends, and a look at what other reviewers decide.
import { STANCES, TYPES, keyOf, moveEdge, snapped } from "./draft.js";
import {
  accept, app, back, byId, call, change, chosen, dirty, drop, everyQuote, filtered, next, noticed, nudge, open, openBare, pickSpeaker, reject, say,
  selected, show, showText, take, turn, undo, useSelection,
} from "./session.js";
import { make, offsetOf } from "./text.js";
import { WORDS } from "./view.js";

const POLL = 4000; // milliseconds between looks at what others decided
const KEYS = [
  ["A", "accept, or save the correction"], ["R", "reject"], ["U", "undo the last verdict"],
  ["J K", "next, previous"], ["1 – 9", "pick the speaker"], ["0", "nobody is credited"], ["T", "type a speaker"],
  ["Y", "change the type"], ["S", "change the stance"], ["O D", "type the role, the date"], ["H", "add a channel"], ["Z X", "begin a word earlier, later"],
  ["C V", "end a word earlier, later"], ["Q", "the selected words are what was said"],
  ["W", "add the selected words to it"], ["M", "the selected words credit the quote"],
  ["E", "the selected words are the cue"], ["N", "the selected words are a missed quote"],
  ["Esc", "close this list, or drop the changes"], ["?", "show or hide the keys"],
];
const ACTS = {
  a: accept, r: reject, u: undo, j: next, k: back, arrowdown: next, arrowup: back, "?": toggleKeys,
  escape: () => (byId("keys").hidden ? drop() : toggleKeys()),
  s: () => app.draft && change({ stance: STANCES[(STANCES.indexOf(app.draft.stance) + 1) % STANCES.length] }),
  o: () => byId("role")?.focus(), d: () => byId("said-on")?.focus(),
  t: () => byId("speaker")?.focus(),
  h: () => byId("add-channel")?.click(),
  y: () => app.draft && change({ type: TYPES[(TYPES.indexOf(app.draft.type) + 1) % TYPES.length] }),
  z: () => nudge("start", -1), x: () => nudge("start", 1), c: () => nudge("end", -1), v: () => nudge("end", 1),
  ...Object.fromEntries(["q", "w", "m", "e", "n"].map((key) => [key, () => useSelection(key)])),
};

function toggleKeys() {
  byId("keys").hidden = !byId("keys").hidden;
  byId("keys-open").setAttribute("aria-expanded", String(!byId("keys").hidden));
}

function pickNumber(number) {
  if (!app.draft) return;
  if (number === 0) change({ speaker: null });
  const names = [...byId("panel").querySelectorAll(".option .name")].map((node) => node.firstChild.data);
  if (number > 0 && number < names.length) pickSpeaker(names[number - 1]);
}

/** Whether a key belongs to the field that has the focus. */
function typing(target) {
  return target.matches("input[type='text'], input[type='date'], textarea");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (typing(event.target)) {
    if (key === "escape" || (key === "enter" && event.target.matches("input"))) {
      event.target.blur();
      byId("panel").focus({ preventScroll: true });
    }
    return;
  }
  const act = /^[0-9]$/u.test(key) ? () => pickNumber(Number(key)) : ACTS[key];
  if (!act || (key.startsWith("arrow") && event.target.matches("input[type='radio'], select"))) return;
  event.preventDefault();
  act();
});

const BUTTONS = {
  accept, reject, undo, next, back, "keys-open": toggleKeys, earlier: () => turn(-1), later: () => turn(1),
};
for (const [id, act] of Object.entries(BUTTONS)) byId(id).addEventListener("click", () => act());
for (const button of byId("selection").querySelectorAll("button")) {
  // Before the press takes the selection away.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => useSelection(button.dataset.key));
}
document.addEventListener("selectionchange", () => {
  byId("selection").hidden = dragged !== null || selected() === null;
});
byId("filter").addEventListener("change", () => {
  byId("filter").blur();
  if (dirty()) {
    show();
    return;
  }
  if (byId("filter").value === "bare") {
    openBare();
    return;
  }
  const before = app.current;
  app.current = null; // a filter keeps the quote under review in its list, so that it does not vanish when it is judged
  const every = filtered();
  open(every.find((quote) => keyOf(quote) === before) ?? every[0]);
});
byId("reviewer").addEventListener("change", () => localStorage.setItem("quotes-reviewer", byId("reviewer").value.trim()));
window.addEventListener("beforeunload", (event) => {
  if (dirty()) event.preventDefault();
});

// ---- the ends of a quote, dragged

let dragged = null;

byId("text").addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle) return;
  event.preventDefault();
  window.getSelection()?.removeAllRanges();
  dragged = { number: Number(handle.dataset.number), edge: handle.dataset.edge };
  document.body.classList.add("dragging");
});
document.addEventListener("pointermove", (event) => {
  if (!dragged || !app.draft) return;
  const at = caretAt(event.clientX, event.clientY);
  if (at === null) return;
  const offset = event.altKey ? at : snapped(app.points, at);
  const moved = moveEdge(app.draft, dragged.number, dragged.edge, offset, app.record.article);
  if (moved.spans[dragged.number][dragged.edge] === app.draft.spans[dragged.number][dragged.edge]) return;
  app.draft = moved;
  showText(false);
});
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    if (!dragged) return;
    dragged = null;
    document.body.classList.remove("dragging");
    show();
  });
}

function caretAt(x, y) {
  let node = null;
  let inner = 0;
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    [node, inner] = found ? [found.offsetNode, found.offset] : [null, 0];
  } else {
    const range = document.caretRangeFromPoint(x, y);
    [node, inner] = range ? [range.startContainer, range.startOffset] : [null, 0];
  }
  return node && byId("text").contains(node) ? offsetOf(node, inner) : null;
}

// ---- what others decide

async function look() {
  try {
    const data = await call(`/api/verdicts?after=${app.number}`);
    const fresh = take(data).filter((v) => v.verdict !== "undo");
    const notice = noticed(data);
    if (notice) say(notice, true);
    if (fresh.length && app.current) {
      const here = fresh.filter((v) => keyOf(v) === app.current).at(-1);
      if (here) say(`${here.reviewer} has just ${WORDS[here.verdict]} this quote.`);
      if (here && !dirty()) await open(chosen(), { quiet: true });
      else if (!document.activeElement.matches("input, select")) show();
    }
    document.body.classList.remove("lost");
  } catch {
    document.body.classList.add("lost");
    say("The server does not answer. Start quotes review again and load this page anew; what was saved is kept.", true);
  }
  setTimeout(look, POLL);
}

async function begin() {
  byId("keys-list").replaceChildren(
    ...KEYS.map(([keys, words]) =>
      make("div", {}, make("dt", {}, ...keys.split(" ").map((k) => (k === "–" ? " – " : make("kbd", {}, k)))), make("dd", {}, words)),
    ),
  );
  try {
    const data = await call("/api/quotes");
    Object.assign(app, { articles: data.articles, quotes: data.quotes, files: data.files });
    byId("reviewer").value = localStorage.getItem("quotes-reviewer") || data.reviewer;
    take(data);
    if (!everyQuote().length) byId("filter").value = "bare";
    if (!(await openBare())) await open(filtered().find((quote) => !app.standing.has(keyOf(quote))));
    const notice = noticed(data);
    if (notice) say(notice, true);
    setTimeout(look, POLL);
  } catch (error) {
    say(error.message, true);
  }
}

begin();
