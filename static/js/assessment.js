// Answers save themselves: one question a moment after the last key, in order, again and again while the line is down.
// Without this file one button saves the whole section.
(() => {
  const words = document.currentScript.dataset;
  const PAUSE = 900, PATIENCE = 25_000, LONGEST = 60_000; // milliseconds
  const form = document.getElementById("answers");
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  talk();
  if (!form?.querySelector(".savebar")) return;

  const sum = document.getElementById("sum");
  const [said, again, enter] = ["output", "[data-again]", "[data-enter]"].map((each) => sum.querySelector(each));
  const questions = new Map(); // by code: {el, timer, dirty, body, state}
  const queue = []; // questions to send, the oldest first
  let busy = false, stopped = false, pause = 0, retry = 0, leaveTo = "";

  // --- What stands in a question ---
  const fields = (question) => [...question.el.querySelectorAll(".q-fields input, .q-fields textarea, .q-why textarea")];
  const chosen = (question) => question.el.querySelector(".q-fields input[type=radio]:checked")?.value ?? "";
  const content = (question) => {
    const body = new URLSearchParams();
    for (const field of question.el.querySelectorAll("input[name], textarea[name]")) {
      if (field.name.endsWith("-theirs") || (field.type === "radio" && !field.checked)) continue;
      body.append(field.name, field.value);
    }
    return body;
  };
  const isAsked = (question) => !question.el.hidden;

  // --- What the page says about it ---
  const tell = (question, state, text = words[state]) => {
    question.state = state;
    const place = question.el.querySelector(".q-state");
    place.textContent = text;
    place.dataset.state = state;
    summary();
  };
  const summary = () => {
    const all = [...questions.values()];
    const codes = (...states) => all.filter((each) => states.includes(each.state)).map((each) => each.el.dataset.code);
    const [wrong, waiting, under] = [codes("notSaved"), codes("waiting"), codes("typing", "saving")];
    const parts = [];
    if (stopped) parts.push(words.out);
    if (wrong.length) parts.push(`${words.someWrong} ${wrong.join(", ")}`);
    if (waiting.length && !stopped) parts.push(`${words.someWaiting} ${waiting.join(", ")}`);
    if (!parts.length && under.length) parts.push(words.someSaving);
    if (!parts.length) parts.push(codes("saved").length ? words.allSaved : words.asYouType);
    const text = parts.join(" ");
    if (said.textContent !== text) said.textContent = text;
    sum.className = `q-sum${wrong.length || stopped ? " bad" : waiting.length ? " wait" : ""}`;
    again.hidden = !stopped && !waiting.length;
    enter.hidden = !stopped;
    form.classList.toggle("dirty", Boolean(wrong.length || waiting.length || under.length)); // guard.js asks before leaving
  };
  const clear = (question) => {
    question.el.querySelectorAll(".invalid-feedback, tr.wrong").forEach((each) => each.remove());
    question.el.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  };
  const complain = (question, errors) => {
    clear(question);
    for (const [place, text] of errors) {
      const line = Object.assign(document.createElement("p"), { className: "invalid-feedback d-block", textContent: text });
      const field = document.getElementById(place);
      if (field && question.el !== field && question.el.contains(field)) {
        field.setAttribute("aria-invalid", "true");
        const group = field.closest("tr, .marks, .choices, .beside, .plain, .q-why");
        if (group.matches("tr")) under(group).append(line);
        else if (group.matches(".marks, .choices")) group.after(line);
        else group.append(line);
      } else question.el.querySelector(".q-errors").append(line);
    }
  };
  const under = (row) => { // where the errors of a table's row stand, over its whole width
    if (!row.nextElementSibling?.matches(".wrong")) {
      const place = Object.assign(document.createElement("tr"), { className: "wrong" });
      place.append(Object.assign(document.createElement("td"), { colSpan: row.cells.length }));
      row.after(place);
    }
    return row.nextElementSibling.cells[0];
  };
  const explain = (question, differs, given = true) => {
    const why = question.el.querySelector(".q-why");
    const text = why?.querySelector("textarea");
    if (text) {
      why.hidden = !differs && !text.value;
      why.querySelector(".q-idle").hidden = differs || !text.value;
    }
    const data = question.el.querySelector(".q-differs");
    if (data) data.hidden = !differs && given;
  };
  const measure = (field) => { // how much room is left, as soon as there is little
    const most = Number(field.dataset.limit), length = [...field.value.trim()].length;
    let place = field.nextElementSibling?.matches(".count") ? field.nextElementSibling : null;
    if (length < most * 0.9) return place?.remove();
    if (!place) field.after(place = Object.assign(document.createElement("span"), { className: "count" }));
    place.textContent = `${grouped(length)} / ${grouped(most)}`;
    place.classList.toggle("bad", length > most);
  };

  // --- Sending ---
  const enqueue = (question) => {
    clearTimeout(question.timer);
    if (question.conflict) return;
    if (!queue.includes(question)) queue.push(question);
    if (retry || stopped) tell(question, "waiting"); // as confirmed, or cleared, without a key
    pump();
  };
  const pump = () => {
    if (busy || stopped || retry || !queue.length) return arrive();
    send(queue[0]);
  };
  const later = () => { // the line is down
    pause = Math.min(pause ? pause * 2 : 2_000, LONGEST);
    retry = setTimeout(() => { retry = 0; pump(); }, pause);
    queue.forEach((each) => tell(each, "waiting"));
  };
  const now = () => { clearTimeout(retry); retry = 0; pause = 0; stopped = false; summary(); pump(); };
  const send = async (question) => {
    busy = true;
    // What may have arrived without our hearing of it is sent once more as it was; what was typed since follows.
    if (!question.body) { question.body = content(question); question.dirty = false; }
    tell(question, "saving");
    let response = null, data = {};
    try {
      response = await fetch(question.el.dataset.address, {
        method: "POST", body: question.body, credentials: "same-origin", redirect: "manual",
        headers: { "X-CSRFToken": token(), "HX-Request": "true" }, signal: AbortSignal.timeout?.(PATIENCE),
      });
      if ([200, 409, 422].includes(response.status)) data = await response.json();
    } catch { response = null; }
    busy = false;
    if (!response || response.status >= 500 || response.status === 429) return later();
    pause = 0;
    if ([401, 403].includes(response.status) || response.type === "opaqueredirect") { // signed out, or no longer allowed
      stopped = true;
      queue.forEach((each) => tell(each, "waiting"));
      return summary();
    }
    queue.shift();
    const body = question.body;
    question.body = null;
    if (response.status === 200) saved(question, body, data);
    else if (response.status === 409) conflict(question, data);
    else {
      if (data.errors) complain(question, data.errors);
      tell(question, "notSaved", data.refused || (data.errors ? words.notSaved : words.gone));
    }
    if (question.dirty && !question.conflict) wait(question);
    pump();
  };
  const saved = (question, body, data) => {
    clear(question);
    question.el.querySelector("[name$='-version']").value = data.version;
    question.el.querySelector(".q-conflict").replaceChildren();
    question.el.querySelector(".q-open")?.remove();
    question.el.classList.remove("is-open");
    delete question.el.dataset.unconfirmed;
    for (const field of fields(question)) {
      if (field.type === "radio") field.defaultChecked = body.get(field.name) === field.value;
      else if (body.has(field.name)) field.defaultValue = body.get(field.name);
    }
    if (data.data) question.el.querySelector(".q-known").innerHTML = data.data;
    explain(question, data.differs, data.given);
    question.el.toggleAttribute("data-given", data.given);
    count();
    tell(question, "saved");
  };
  const conflict = (question, data) => {
    question.conflict = true;
    question.el.querySelector("[name$='-version']").value = data.version;
    question.el.querySelector(".q-conflict").innerHTML = data.html;
    tell(question, "notSaved");
  };
  const takeTheirs = async (question) => {
    try {
      const response = await fetch(question.el.dataset.address, { headers: { "HX-Request": "true" } });
      if (!response.ok) return;
      const box = document.createElement("div");
      box.innerHTML = await response.text();
      const fresh = box.querySelector("article");
      question.el.replaceWith(fresh);
      begin(fresh);
      skip();
      tell(questions.get(fresh.dataset.code), "saved");
    } catch { tell(question, "notSaved", words.waiting); }
  };

  // --- Typing ---
  const wait = (question) => {
    clearTimeout(question.timer);
    question.timer = setTimeout(() => enqueue(question), PAUSE);
    if (question.state !== "waiting") tell(question, retry || stopped ? "waiting" : "typing");
  };
  const typed = (event) => {
    const question = questions.get(event.target.closest("article.q")?.dataset.code);
    if (!question || !event.target.name || event.target.name.endsWith("-theirs")) return;
    question.dirty = true;
    if (event.target.dataset.limit) measure(event.target);
    add(question);
    skip();
    if ("unconfirmed" in question.el.dataset) {
      const mine = fields(question).some((field) => field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
      question.el.querySelector(".q-open")?.toggleAttribute("hidden", mine);
      if (!question.el.querySelector(".q-known table")) explain(question, mine); // of a table the server says which rows
    }
    if (!question.conflict) wait(question);
  };
  form.addEventListener("input", typed);
  form.addEventListener("focusout", (event) => {
    const question = questions.get(event.target.closest("article.q")?.dataset.code);
    if (question?.dirty && !question.el.contains(event.relatedTarget)) enqueue(question);
  });

  // Questions that an answer makes superfluous go at once; the server decides the same.
  const skip = () => {
    for (const question of questions.values()) {
      const after = questions.get(question.el.dataset.after);
      if (after) question.el.hidden = !isAsked(after) || !question.el.dataset.if.split(" ").includes(chosen(after));
    }
    count();
  };
  const count = () => {
    const asked = [...questions.values()].filter(isAsked);
    const place = document.getElementById("answered");
    const given = asked.filter((each) => "given" in each.el.dataset).length;
    place.textContent = place.dataset.pattern.replace("{n}", given).replace("{all}", asked.length);
  };
  const figure = (text) => Number(text.replace(/\s/g, "").replace(",", "."));
  const grouped = (number) => { // browsers without Kazakh would write it the English way
    const [whole, fraction] = String(number).split(".");
    const [apart, mark] = document.documentElement.lang === "en" ? [",", "."] : ["\u00a0", ","];
    return whole.replace(/\B(?=(\d{3})+$)/g, apart) + (fraction ? mark + fraction : "");
  };
  const add = (question) => {
    for (const place of question.el.querySelectorAll("output[data-sum]")) {
      const cells = [...question.el.querySelectorAll(`tbody tr:not(.part-of) [name$="-${place.dataset.sum}"]`)].map((cell) => cell.value).filter((text) => text.trim());
      const total = cells.map(figure).reduce((all, each) => all + each, 0);
      place.textContent = cells.length && Number.isFinite(total) ? grouped(Math.round(total * 1e6) / 1e6) : "";
    }
  };
  const addRow = (question) => {
    const [body, template] = [question.el.querySelector("tbody"), question.el.querySelector("template")];
    const number = body.querySelectorAll(":scope > tr:not(.wrong)").length;
    if (number >= Number(body.parentElement.dataset.most)) return;
    const row = template.content.querySelector("tr").cloneNode(true);
    for (const each of row.querySelectorAll("*")) {
      for (const name of ["id", "name"]) if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace("__row__", number));
    }
    const label = row.querySelector("th");
    label.textContent = body.rows[0] ? body.rows[0].cells[0].textContent.replace("1", number + 1) : number + 1;
    for (const field of row.querySelectorAll("[aria-label]")) field.setAttribute("aria-label", `${label.textContent}, ${field.getAttribute("aria-label")}`);
    body.append(row);
    row.querySelector("input, textarea").focus();
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const question = button && questions.get(button.closest("article.q")?.dataset.code);
    if (!button) return;
    if (question) {
      if (button.name === "more") { event.preventDefault(); addRow(question); }
      if ("confirm" in button.dataset) { question.dirty = true; enqueue(question); }
      if ("clear" in button.dataset) { question.el.querySelector(".q-why textarea").value = ""; question.dirty = true; enqueue(question); }
      if ("keep" in button.dataset) { question.conflict = false; question.dirty = true; question.el.querySelector(".q-conflict").replaceChildren(); enqueue(question); }
      if ("take" in button.dataset) takeTheirs(question);
    } else if (button === again) now();
    else if (button.name === "do") { // save all that waits, confirm what the data say, then go on
      event.preventDefault();
      leaveTo = button.dataset.to ?? "";
      for (const each of questions.values()) { // the Enter key saves, but confirms nothing
        const mine = each.dirty || (each.state === "notSaved" && !each.conflict);
        if (mine || (leaveTo && "unconfirmed" in each.el.dataset && isAsked(each))) enqueue(each);
      }
      now();
    }
  });
  const arrive = () => {
    if (!leaveTo || busy || retry || queue.length || stopped) return;
    const wrong = [...questions.values()].find((each) => each.state === "notSaved");
    if (wrong) { leaveTo = ""; wrong.el.scrollIntoView(); return; }
    if ([...questions.values()].some((each) => each.dirty)) return;
    window.location.href = leaveTo;
  };
  addEventListener("online", now);
  addEventListener("pageshow", () => { leaveTo = ""; });
  addEventListener("focus", () => { if (stopped) now(); });

  const begin = (el) => {
    questions.set(el.dataset.code, { el, state: "", dirty: false, body: null, conflict: false, timer: 0 });
    el.querySelectorAll("[data-confirm], [data-clear]").forEach((each) => each.removeAttribute("hidden"));
    el.querySelectorAll("[data-limit]").forEach(measure);
  };
  form.querySelectorAll("article.q").forEach(begin);
  skip();
  for (const question of questions.values()) {
    add(question);
    if ("changed" in question.el.dataset) tell(question, "notSaved");
  }
  sum.parentElement.hidden = false;
  summary();

  // --- Comments open over the page ---
  function talk() {
    const dialog = document.getElementById("talk");
    const panel = document.getElementById("panel");
    if (!dialog?.showModal || !window.htmx) return;
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-talk]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      window.htmx.ajax("GET", link.href, { target: "#panel", swap: "innerHTML" }).then(() => { if (!dialog.open) dialog.showModal(); });
    });
    const close = (event) => { if (window.guard.held(form)) event.preventDefault(); else if (event.type === "click") dialog.close(); };
    dialog.querySelector(".close").addEventListener("click", close);
    dialog.addEventListener("cancel", close);
    dialog.addEventListener("close", () => panel.replaceChildren());
    document.addEventListener("htmx:configRequest", (event) => { if (event.detail.verb === "post") event.detail.headers["X-CSRFToken"] = token(); });
    const failed = (event) => {
      const text = event.detail.requestConfig.verb === "get" ? words.unread : words.failed;
      const notice = Object.assign(document.createElement("div"), { className: "notice bad", textContent: text });
      notice.setAttribute("role", "alert");
      panel.querySelector(":scope > .notice.bad")?.remove();
      panel.prepend(notice);
      if (!dialog.open) dialog.showModal();
    };
    document.addEventListener("htmx:responseError", failed);
    document.addEventListener("htmx:sendError", failed);
  }
})();
