"use strict";
// The audit as a page by itself: colours, paper, and all of it drawn at once.

const found = JSON.parse(byId("audit").textContent);
byId("theme").addEventListener("change", () => {
  if (byId("theme").value) document.documentElement.dataset.theme = byId("theme").value;
  else delete document.documentElement.dataset.theme;
});
byId("print").addEventListener("click", () => window.print());
renderAudit(byId("view"), found);
