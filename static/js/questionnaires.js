// A question's form shows only what belongs to its kind, and the answers of the question that decides. Without this
// script all of it stands there, and what does not belong is left out when saving.
"use strict";
const form = document.querySelector("form.question-form");
if (form) {
  const kind = form.querySelector("select[name=kind]");
  const decides = form.querySelector("select[name=depends_on]");
  const rules = form.querySelector(".rules");
  const show = () => {
    const now = kind ? kind.value : form.dataset.kind;
    for (const part of form.querySelectorAll("[data-kinds]")) part.hidden = !part.dataset.kinds.split(" ").includes(now);
    for (const part of form.querySelectorAll("[data-not-kinds]")) part.hidden = part.dataset.notKinds.split(" ").includes(now);
    if (rules) rules.hidden = !decides.value;
    for (const part of form.querySelectorAll("[data-rule]")) part.hidden = part.dataset.rule !== decides.value;
  };
  kind?.addEventListener("change", show);
  decides.addEventListener("change", show);
  show();
}
