// The matrix without a mouse: arrows move between cells, Enter opens the panel, Esc closes it.
(() => {
  const words = document.currentScript.dataset;
  const table = document.querySelector("table.m");
  const two = document.getElementById("two");
  const panel = document.getElementById("panel");
  if (!table || !panel) return;
  let opener = null;

  const mark = (link) => {
    table.querySelectorAll("td.chosen").forEach((cell) => cell.classList.remove("chosen"));
    link?.closest("td")?.classList.add("chosen");
  };
  const close = () => {
    if (!two.classList.contains("open") || guard.held()) return;
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

  // Opening another cell, commenting or stepping replaces the panel: ask while a text in it is unsaved.
  document.addEventListener("htmx:confirm", (event) => {
    const sent = event.detail.elt.closest?.("form") ?? null;
    if (guard.held(sent)) event.preventDefault();
  });
  // After signing in again in another window the token of this page is old; the cookie has the new one.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
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
    const status = event.detail.xhr?.status;
    if (event.detail.requestConfig.verb === "get") { window.location.href = event.detail.requestConfig.path; return; }
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = status === 401 || status === 403 ? words.out : status === 404 ? words.refused : words.failed;
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
