"use strict";
(() => {
  const form = document.querySelector(".filter");
  if (!form) return;
  const groups = [...document.querySelectorAll("article.group")].map((group) => ({
    group,
    rest: group.querySelector(".rest"),
    rows: [...group.querySelectorAll("[data-severity]")].map((row) => ({ row, words: row.textContent.toLowerCase() })),
  }));
  const unlisted = [...document.querySelectorAll("p[data-unlisted]")].reduce((sum, p) => sum + Number(p.dataset.unlisted), 0);
  const filter = () => {
    const severity = form.elements.severity.value;
    const department = form.elements.department?.value;
    const wanted = form.elements.words.value.trim().toLowerCase();
    const { recent, overdue, sure } = form.elements;
    const narrowed = severity || department || wanted || recent.checked || overdue.checked || sure.checked;
    let shown = 0;
    for (const { group, rows, rest } of groups) {
      let some = false;
      for (const { row, words } of rows) {
        const { dataset } = row;
        const match = (!severity || dataset.severity === severity)
          && (!recent.checked || "recent" in dataset)
          && (!department || dataset.departments?.includes(department))
          && (!overdue.checked || "overdue" in dataset)
          && (!sure.checked || !("suspected" in dataset))
          && (!wanted || words.includes(wanted));
        row.hidden = !match;
        some ||= match;
        if (match) shown += Number(dataset.count ?? 1);
      }
      group.hidden = !some;
      if (rest) {
        const found = rest.querySelector("[data-severity]:not([hidden])");
        rest.hidden = !found;
        rest.open = Boolean(narrowed && found);
      }
    }
    const output = form.querySelector("output");
    output.textContent = output.dataset.shown.replace("{n}", shown.toLocaleString())
      + (unlisted ? output.dataset.unlisted.replace("{n}", unlisted.toLocaleString()) : "");
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of document.querySelectorAll("a[data-department]")) {
    link.addEventListener("click", () => {
      form.elements.department.value = link.dataset.department;
      filter();
    });
  }
  form.hidden = false;
  filter();
})();
