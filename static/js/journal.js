// The roll with a keyboard or a thumb: arrows go from person to person, 1 2 3 0 mark and go on, the tally follows.
// Without this file the marks are plain radio buttons, and “Everybody was there” sends the form.
(() => {
  const roll = document.querySelector(".people");
  if (!roll) return;
  const keys = { 1: "present", "+": "present", 2: "absent", "-": "absent", "−": "absent", 3: "excused", e: "excused", 0: "", Backspace: "", Delete: "" };
  const people = [...roll.children];
  const everybody = document.querySelector("[name=everybody]");
  const words = document.querySelector(".roll").dataset;
  const mark = (person) => person.querySelector("input:checked")?.value ?? "";
  const tally = () => {
    const marks = people.map(mark);
    for (const each of document.querySelectorAll(".tally [data-mark]")) {
      each.querySelector("b").textContent = marks.filter((value) => value === each.dataset.mark).length;
    }
    everybody.textContent = marks.some((value) => value) ? words.others : words.everybody;
    everybody.hidden = marks.every((value) => value);
  };
  const give = (person, value) => { person.querySelector(`input[value="${value}"]`).checked = true; };
  const go = (person, step) => {
    const next = people[people.indexOf(person) + step];
    if (!next) return;
    (next.querySelector("input:checked") || next.querySelector("input")).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  roll.addEventListener("keydown", (event) => {
    const person = event.target.closest("li");
    if (!person || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      go(person, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key in keys) {
      event.preventDefault();
      give(person, keys[event.key]);
      tally();
      go(person, 1);
    }
  });
  roll.addEventListener("change", tally);
  everybody.addEventListener("click", (event) => {
    event.preventDefault();
    people.filter((person) => !mark(person) && !person.hasAttribute("data-out")).forEach((person) => give(person, "present"));
    tally();
  });
  tally();
})();
