// The matrix without a mouse: arrows move between cells, Enter opens the panel, Esc closes it. Unsaved text is guarded.
(() => {
  const words = document.currentScript.dataset;
  const table = document.querySelector("table.m");
  const two = document.getElementById("two");
  const panel = document.getElementById("panel");
  let opener = null;

  const unsaved = () => !!document.querySelector("form.dirty") || [...document.querySelectorAll("form.guarded textarea, form.guarded input[type=radio]")].some(
    (field) => (field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue));
  const held = () => unsaved() && !window.confirm(words.unsaved);
  let leaving = false;
  addEventListener("submit", (event) => { leaving = !event.target.closest("#panel"); });
  addEventListener("beforeunload", (event) => { if (!leaving && unsaved()) event.preventDefault(); });

  if (!table) return;

  const mark = (link) => {
    table.querySelectorAll("td.chosen").forEach((cell) => cell.classList.remove("chosen"));
    link?.closest("td")?.classList.add("chosen");
  };
  const close = () => {
    if (!two.classList.contains("open") || held()) return;
    two.classList.remove("open");
    panel.replaceChildren();
    mark(null);
    const again = opener && table.querySelector(`a.go[href="${opener}"]`);
    again?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = document.activeElement?.closest?.("table.m td");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
    let [row, column] = [cell.parentElement, cell.cellIndex];
    do {
      if (step[0]) row = step[0] < 0 ? row.previousElementSibling : row.nextElementSibling;
      column += step[1];
      const goal = row?.cells[column]?.querySelector("a.go");
      if (goal) { event.preventDefault(); goal.focus(); goal.scrollIntoView({ block: "nearest", inline: "nearest" }); return; }
    } while (row && column > 0 && column < row.cells.length);
  });

  document.addEventListener("htmx:confirm", (event) => {
    const other = event.detail.elt.matches?.("a.go");
    if (other && held()) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel) return;
    two.classList.add("open");
    const link = event.detail.requestConfig?.elt;
    if (link?.matches?.("a.go")) { opener = link.getAttribute("href"); mark(link); }
    const first = panel.querySelector('[role="alert"]') ?? panel.querySelector(".panel-title");
    if (first) { first.setAttribute("tabindex", "-1"); first.focus({ preventScroll: innerWidth >= 992 }); }
  });
  // A page that cannot be shown in the panel opens whole; a text that could not be sent stays where it is.
  const failed = (event) => {
    if (event.detail.requestConfig.verb === "get") { window.location.href = event.detail.requestConfig.path; return; }
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = words.failed;
    panel.querySelector(":scope > .notice.bad")?.remove();
    panel.prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a.close")) { event.preventDefault(); close(); }
  });
})();
