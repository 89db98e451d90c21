// No typed word is lost by accident: leaving a page, or sending another form, asks first while a text is unsaved.
window.guard = (() => {
  const words = document.currentScript.dataset;
  const fields = "textarea, select, input:not([type=hidden]):not([type=file]):not([type=search])";
  const changed = (field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      const options = [...field.options];
      const given = options.some((option) => option.defaultSelected) || field.multiple;
      return options.some((option, place) => option.selected !== (given ? option.defaultSelected : place === 0));
    }
    return field.value !== field.defaultValue;
  };
  const forms = () => [...document.querySelectorAll("form.guarded")];
  const dirty = (form) => form.classList.contains("dirty") || [...form.querySelectorAll(fields)].some(changed);
  // Texts that would be lost if `sent` went through: those of every guarded form but the one that is being sent, and
  // the one whose question it answers (data-answers).
  // form.id would be a field of that name.
  const meant = (form, sent) => form === sent || (sent?.dataset.answers && form.getAttribute("id") === sent.dataset.answers);
  const unsaved = (sent = null) => forms().some((form) => !meant(form, sent) && dirty(form));
  const held = (sent = null) => unsaved(sent) && !window.confirm(words.unsaved);

  let leaving = false;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || (window.htmx && event.target.hasAttribute("hx-post"))) return; // htmx asks in htmx:confirm
    if (held(event.target)) { event.preventDefault(); return; }
    leaving = true;
  }, true);
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (!leaving && unsaved()) event.preventDefault(); });

  // After an answer that refuses, the summary of what is wrong is where one goes on.
  document.querySelector("#errors, .notice.bad[role=alert]")?.focus();
  return { held };
})();
