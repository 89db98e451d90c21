// A long list of checkboxes: find by name, tick or clear a group. Without this script the list works as it stands.
"use strict";
for (const list of document.querySelectorAll("[data-choose]")) {
  const groups = [...list.querySelectorAll(".group")];
  const boxes = (group) => [...group.querySelectorAll("input[type=checkbox]:not(:disabled)")];
  for (const group of groups) {
    if (boxes(group).length < 2) continue;
    for (const [word, ticked] of [[list.dataset.all, true], [list.dataset.none, false]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link", textContent: word });
      button.setAttribute("aria-describedby", group.getAttribute("aria-labelledby"));
      button.addEventListener("click", () => boxes(group).forEach((box) => { if (!box.closest("li").hidden) box.checked = ticked; }));
      group.querySelector(".head").append(button);
    }
  }
  if (list.querySelectorAll("li").length < 15) continue;
  const input = Object.assign(document.createElement("input"), { type: "search", className: "form-control finder", placeholder: list.dataset.label });
  input.setAttribute("aria-label", list.dataset.label);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of groups) {
      for (const row of group.querySelectorAll("li")) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      group.hidden = !group.querySelector("li:not([hidden])");
    }
  });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  list.before(input);
}
